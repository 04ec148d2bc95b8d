#include "stun/crc.h"

/*
 * Slicing by eight: eight table look-ups for eight bytes, instead of sixty-four shifts.
 *
 * CRC is linear, so an entry is the sum (XOR) of the entries of its single bits. LINEk has the
 * entries 0x80, 0x40 ... 0x01 of table k: what becomes of one bit after 8k + 1 ... 8k + 8 steps
 * of the shift register with the reversed polynomial 0xedb88320. The compiler writes out the rest.
 */
#define LINE0 0xedb88320u, 0x76dc4190u, 0x3b6e20c8u, 0x1db71064u, \
              0x0edb8832u, 0x076dc419u, 0xee0e612cu, 0x77073096u
#define LINE1 0x3b83984bu, 0xf0794f05u, 0x958424a2u, 0x4ac21251u, \
              0xc8d98a08u, 0x646cc504u, 0x32366282u, 0x191b3141u
#define LINE2 0xe1351b80u, 0x709a8dc0u, 0x384d46e0u, 0x1c26a370u, \
              0x0e1351b8u, 0x0709a8dcu, 0x0384d46eu, 0x01c26a37u
#define LINE3 0xed59b63bu, 0x9b14583du, 0xa032af3eu, 0x5019579fu, \
              0xc5b428efu, 0x8f629757u, 0xaa09c88bu, 0xb8bc6765u
#define LINE4 0xb1e6b092u, 0x58f35849u, 0xc1c12f04u, 0x60e09782u, \
              0x30704bc1u, 0xf580a6c0u, 0x7ac05360u, 0x3d6029b0u
#define LINE5 0x1eb014d8u, 0x0f580a6cu, 0x07ac0536u, 0x03d6029bu, \
              0xec53826du, 0x9b914216u, 0x4dc8a10bu, 0xcb5cd3a5u
#define LINE6 0x8816eaf2u, 0x440b7579u, 0xcfbd399cu, 0x67de9cceu, \
              0x33ef4e67u, 0xf44f2413u, 0x979f1129u, 0xa6770bb4u
#define LINE7 0x533b85dau, 0x299dc2edu, 0xf9766256u, 0x7cbb312bu, \
              0xd3e51bb5u, 0x844a0efau, 0x4225077du, 0xccaa009eu

#define ENTRY(b, x80, x40, x20, x10, x08, x04, x02, x01)                                           \
	(((b) & 0x80 ? x80 : 0) ^ ((b) & 0x40 ? x40 : 0) ^ ((b) & 0x20 ? x20 : 0) ^                \
	 ((b) & 0x10 ? x10 : 0) ^ ((b) & 0x08 ? x08 : 0) ^ ((b) & 0x04 ? x04 : 0) ^                \
	 ((b) & 0x02 ? x02 : 0) ^ ((b) & 0x01 ? x01 : 0))
#define BY1(b, ...) ENTRY(b, __VA_ARGS__)
#define BY4(b, ...) BY1(b, __VA_ARGS__), BY1(b + 1, __VA_ARGS__), \
	BY1(b + 2, __VA_ARGS__), BY1(b + 3, __VA_ARGS__)
#define BY16(b, ...) BY4(b, __VA_ARGS__), BY4(b + 4, __VA_ARGS__), \
	BY4(b + 8, __VA_ARGS__), BY4(b + 12, __VA_ARGS__)
#define BY64(b, ...) BY16(b, __VA_ARGS__), BY16(b + 16, __VA_ARGS__), \
	BY16(b + 32, __VA_ARGS__), BY16(b + 48, __VA_ARGS__)
#define BY256(...) BY64(0, __VA_ARGS__), BY64(64, __VA_ARGS__), \
	BY64(128, __VA_ARGS__), BY64(192, __VA_ARGS__)

static const uint32_t table[8][256] = {
	{BY256(LINE0)}, {BY256(LINE1)}, {BY256(LINE2)}, {BY256(LINE3)},
	{BY256(LINE4)}, {BY256(LINE5)}, {BY256(LINE6)}, {BY256(LINE7)},
};

/* Little-endian: the first byte goes into the register's lowest bits. One load on most machines. */
static inline uint32_t
word(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t
crc_bytes(struct bytes b)
{
	const uint8_t *p = b.p;
	size_t left = b.n;
	uint32_t crc = 0xffffffffu;

	for (; left >= 8; left -= 8, p += 8) {
		uint32_t lo = word(p) ^ crc, hi = word(p + 4);

		crc = table[7][lo & 0xff] ^ table[6][lo >> 8 & 0xff] ^ table[5][lo >> 16 & 0xff] ^
		      table[4][lo >> 24] ^ table[3][hi & 0xff] ^ table[2][hi >> 8 & 0xff] ^
		      table[1][hi >> 16 & 0xff] ^ table[0][hi >> 24];
	}
	for (; left > 0; left--, p++)
		crc = crc >> 8 ^ table[0][(crc ^ *p) & 0xff];
	return ~crc;
}
