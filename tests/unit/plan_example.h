/* plan_example.h - a depot in Shanghai at 31.2° N, 121.4° E, its rates, and stops east of it. */
#ifndef PLAN_EXAMPLE_H
#define PLAN_EXAMPLE_H

#include "plan.h"

static const struct plan_rates rates = {.detour_percent = 130,
                                        .speed_kmh = 30,
                                        .shift_from = 360,
                                        .shift_to = 1260,
                                        .cost = {150, 5000, 10000}};

static inline struct plan_place place(int64_t latitude_e7, int64_t longitude_e7)
{
    return (struct plan_place){
        .is_known = true, .latitude_e7 = latitude_e7, .longitude_e7 = longitude_e7};
}

static inline struct plan_stop stop_at(int64_t east, int64_t load)
{
    return (struct plan_stop){.place = place(312000000, 1214000000 + east), .load = load};
}

#endif
