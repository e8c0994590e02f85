/* coordinates.h - Chinese maps and positioning chips say GCJ-02; songda keeps WGS-84.
 *
 * Coordinates are 1e-7 degrees. GCJ-02 ("Mars coordinates", obligatory for maps of the mainland) shifts WGS-84 by up to some 700 metres, by
 * a formula that became public; outside the mainland's box it is the same as WGS-84.
 */
#ifndef BASE_COORDINATES_H
#define BASE_COORDINATES_H

#include <stdbool.h>
#include <stdint.h>

/* In place. To within a metre. */
void coordinates_to_gcj02(int64_t *latitude_e7, int64_t *longitude_e7);
void coordinates_from_gcj02(int64_t *latitude_e7, int64_t *longitude_e7);

/* Degrees as people and files write them ("31.2304", "-0.5"): up to three digits, a point and any digits, of which seven count. Gives where
 * the number ended; NULL when there is none. */
const char *coordinates_read(const char *text, int64_t *e7);

#endif
