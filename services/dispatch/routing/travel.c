/* travel.c - distances and times from coordinates, the same to the last metre on every machine.
 *
 * Only +, -, *, / and the square root are used, which IEEE 754 rounds in one way; the sines come
 * from their series, not from a mathematics library.
 */
#include "routing.h"

#include <math.h>

#define EARTH_RADIUS 6371008.8 /* metres, mean of WGS-84 */
#define MICRODEGREE (3.14159265358979323846 / 180e6)

/* sin(x) for |x| <= pi: Taylor to x^25, exact to the last bits that matter at a metre. */
static double sine(double x)
{
    double term = x, sum = x, square = x * x;

    for (int k = 1; k <= 12; k++) {
        term *= -square / (double)((2 * k) * (2 * k + 1));
        sum += term;
    }
    return sum;
}

static double cosine(double x)
{
    double half = sine(x / 2);

    return 1 - 2 * half * half;
}

/* asin(x) for 0 <= x <= 1: halving the angle until the series converges fast. */
static double arc_sine(double x)
{
    double factor = 1, term, sum;

    for (int k = 0; k < 6; k++) {
        x = x / sqrt(2 * (1 + sqrt(1 - x * x)));
        factor *= 2;
    }
    term = sum = x;
    for (int k = 1; k < 8; k++) {
        term *= x * x * (double)((2 * k - 1) * (2 * k - 1)) / (double)((2 * k) * (2 * k + 1));
        sum += term;
    }
    return factor * sum;
}

int32_t routing_great_circle(int32_t longitude1, int32_t latitude1, int32_t longitude2,
                             int32_t latitude2, int32_t detour_permille)
{
    double across = sine(((double)longitude2 - longitude1) * MICRODEGREE / 2);
    double along = sine(((double)latitude2 - latitude1) * MICRODEGREE / 2);
    double square = along * along + cosine(latitude1 * MICRODEGREE) *
                                        cosine(latitude2 * MICRODEGREE) * across * across;
    double metres;

    if (square > 1)
        square = 1;
    metres = 2 * EARTH_RADIUS * arc_sine(sqrt(square)) * detour_permille / 1000;
    return metres >= ROUTING_AMOUNT_MAX ? ROUTING_AMOUNT_MAX : (int32_t)(metres + 0.5);
}

int32_t routing_travel_time(const struct routing_speed *profile, int32_t entries, int32_t metres)
{
    int k = 0;
    int64_t seconds;

    while (k + 1 < entries && metres > profile[k].up_to)
        k++;
    seconds =
        ((int64_t)metres * 3600 + profile[k].metres_per_hour - 1) / profile[k].metres_per_hour;
    return seconds > ROUTING_AMOUNT_MAX ? ROUTING_AMOUNT_MAX : (int32_t)seconds;
}
