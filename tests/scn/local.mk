# Scenarios in text, played on the pure machine.

check_PROGRAMS += tests/scn/run_scn
tests_scn_run_scn_SOURCES = \
	tests/scn/run_scn.c \
	tests/scn/scn.h \
	tests/scn/words.c \
	tests/scn/stage.c \
	tests/scn/policy.c \
	tests/scn/request.c \
	tests/scn/expect.c \
	tests/scn/answer.c \
	tests/scn/always.c \
	tests/lib/fake_io.c tests/lib/fake_io.h
tests_scn_run_scn_LDADD = $(TURN_LIBS)

EXTRA_DIST += \
	tests/scn/README.md \
	tests/scn/01-binding.scn \
	tests/scn/02-framing.scn \
	tests/scn/03-methods.scn \
	tests/scn/04-attributes.scn \
	tests/scn/05-addresses.scn \
	tests/scn/06-unknown-attributes.scn \
	tests/scn/07-indications.scn \
	tests/scn/08-software.scn \
	tests/scn/09-fingerprint.scn \
	tests/scn/10-challenge.scn \
	tests/scn/11-credentials-incomplete.scn \
	tests/scn/12-bid-down.scn \
	tests/scn/13-algorithms.scn \
	tests/scn/14-credentials-wrong.scn \
	tests/scn/15-nonce.scn \
	tests/scn/16-integrity.scn \
	tests/scn/17-realm.scn \
	tests/scn/18-userhash.scn \
	tests/scn/19-strings.scn \
	tests/scn/20-stun-auth.scn \
	tests/scn/21-rest.scn \
	tests/scn/22-rest-allocation.scn \
	tests/scn/23-anonymous.scn \
	tests/scn/24-stun-only.scn \
	tests/scn/25-allocate-checks.scn \
	tests/scn/26-allocate-order.scn \
	tests/scn/27-family.scn \
	tests/scn/28-even-port.scn \
	tests/scn/29-quota.scn \
	tests/scn/30-allocate-success.scn \
	tests/scn/31-lifetime.scn \
	tests/scn/32-expiry.scn \
	tests/scn/33-retransmission.scn \
	tests/scn/34-repeated-requests.scn \
	tests/scn/35-refresh.scn \
	tests/scn/36-release.scn \
	tests/scn/37-refresh-timers.scn \
	tests/scn/38-five-tuple.scn \
	tests/scn/39-other-users.scn \
	tests/scn/40-permission.scn \
	tests/scn/41-permission-atomic.scn \
	tests/scn/42-permission-time.scn \
	tests/scn/43-channel.scn \
	tests/scn/44-channel-refused.scn \
	tests/scn/45-channel-time.scn \
	tests/scn/46-many-peers.scn \
	tests/scn/47-rfc5766-channels.scn \
	tests/scn/48-send.scn \
	tests/scn/49-channel-data.scn \
	tests/scn/50-peer-data.scn \
	tests/scn/51-relay-to-relay.scn \
	tests/scn/52-endpoints.scn \
	tests/scn/53-forbidden-peers.scn \
	tests/scn/54-forbidden-spellings.scn \
	tests/scn/55-peer-rules.scn \
	tests/scn/56-sources.scn \
	tests/scn/57-chrome.scn \
	tests/scn/58-firefox.scn \
	tests/scn/59-aioice.scn \
	tests/scn/60-pion.scn \
	tests/scn/61-libnice.scn \
	tests/scn/62-uclient.scn \
	tests/scn/63-restart.scn \
	tests/scn/64-counters.scn
