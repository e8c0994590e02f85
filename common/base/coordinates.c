/* coordinates.c - between WGS-84 and GCJ-02. */
#include "base/coordinates.h"

#include <math.h>
#include <stdbool.h>

#include "base/banned.h"

/* Krasovsky's ellipsoid of 1940: what the shift is reckoned on. */
#define AXIS 6378245.0
#define ECCENTRICITY 0.00669342162296594323
#define PI 3.14159265358979323846
#define E7 1e7

static bool is_shifted(double latitude, double longitude)
{
    return latitude >= 0.8293 && latitude <= 55.8271 && longitude >= 72.004 &&
           longitude <= 137.8347;
}

/* The waves both formulas share, of x. */
static double waves(double x)
{
    return (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
}

static double north_of(double x, double y)
{
    return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x)) + waves(x) +
           (20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3 +
           (160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * 2 / 3;
}

static double east_of(double x, double y)
{
    return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x)) + waves(x) +
           (20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3 +
           (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3;
}

/* Degrees by which GCJ-02 lies beside WGS-84 here. */
static void shift(double latitude, double longitude, double *north, double *east)
{
    double x = longitude - 105, y = latitude - 35;
    double radians = latitude * PI / 180;
    double magic = 1 - ECCENTRICITY * sin(radians) * sin(radians);

    *north = north_of(x, y) * 180 / (AXIS * (1 - ECCENTRICITY) / (magic * sqrt(magic)) * PI);
    *east = east_of(x, y) * 180 / (AXIS / sqrt(magic) * cos(radians) * PI);
}

void coordinates_to_gcj02(int64_t *latitude_e7, int64_t *longitude_e7)
{
    double latitude = (double)*latitude_e7 / E7, longitude = (double)*longitude_e7 / E7, north,
           east;

    if (!is_shifted(latitude, longitude))
        return;
    shift(latitude, longitude, &north, &east);
    *latitude_e7 = llround((latitude + north) * E7);
    *longitude_e7 = llround((longitude + east) * E7);
}

/* The shift hardly changes over its own length: a few corrections find the place it came from. */
void coordinates_from_gcj02(int64_t *latitude_e7, int64_t *longitude_e7)
{
    enum { CORRECTIONS = 5 };
    int64_t latitude = *latitude_e7, longitude = *longitude_e7;

    for (int i = 0; i < CORRECTIONS; i++) {
        int64_t north = latitude, east = longitude;

        coordinates_to_gcj02(&north, &east);
        latitude += *latitude_e7 - north;
        longitude += *longitude_e7 - east;
    }
    *latitude_e7 = latitude;
    *longitude_e7 = longitude;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

const char *coordinates_read(const char *text, int64_t *e7)
{
    enum { DIGITS = 7, WHOLE_MOST = 999 };
    bool is_negative = *text == '-';
    int digits = 0;

    *e7 = 0;
    text += is_negative;
    if (!is_digit(*text))
        return NULL;
    for (; is_digit(*text); text++) {
        *e7 = *e7 * 10 + (*text - '0');
        if (*e7 > WHOLE_MOST)
            return NULL;
    }
    if (*text == '.')
        for (text++; is_digit(*text); text++)
            if (digits < DIGITS) {
                *e7 = *e7 * 10 + (*text - '0');
                digits++;
            }
    for (; digits < DIGITS; digits++)
        *e7 *= 10;
    *e7 = is_negative ? -*e7 : *e7;
    return text;
}
