/* random.c - seeds the generator and tabulates the logarithm in integers. */
#include "random.h"

/* log2(x / 2^16) with 16 fraction bits, x >= 2^16: repeated squaring. */
static int64_t log2_fixed(uint64_t x)
{
    int64_t result = 0;

    while (x >= (2u << 16)) {
        x >>= 1;
        result += 1 << 16;
    }
    for (int bit = 15; bit >= 0; bit--) {
        x = (x * x) >> 16;
        if (x >= (2u << 16)) {
            x >>= 1;
            result += 1 << bit;
        }
    }
    return result;
}

void random_init(struct random *r, uint64_t seed)
{
    r->state = seed * 0xd1342543de82ef95u + 0x2545f4914f6cdd1du;
    for (int64_t i = 0; i < LOGARITHMS; i++) {
        uint64_t inverse = ((uint64_t)(2 * LOGARITHMS) << 16) / (uint64_t)(2 * i + 1);

        r->minus_ln[i] = (int32_t)((log2_fixed(inverse) * 45426) >> 16); /* ln 2 = 45426 / 2^16 */
    }
}
