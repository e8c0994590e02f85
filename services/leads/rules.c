/* rules.c - the pure rules of leads: stages, and when two records are the same customer. */
#include "leads.h"

#include <string.h>

#include "base/text.h"

enum { SAME_SIMILARITY = 800 }; /* of 1,000 */

bool is_open_stage(enum customer_stage stage)
{
    return stage == CUSTOMER_STAGE_LEAD || stage == CUSTOMER_STAGE_VISIT ||
           stage == CUSTOMER_STAGE_NEEDS || stage == CUSTOMER_STAGE_PROPOSAL;
}

bool is_backward(enum customer_stage from, enum customer_stage to)
{
    return from != CUSTOMER_STAGE_EXCLUDED && to != CUSTOMER_STAGE_EXCLUDED && to < from;
}

static size_t character_length(const char *text)
{
    size_t n = 1;

    while (((unsigned char)text[n] & 0xC0) == 0x80)
        n++;
    return n;
}

static bool is_common(const char *bigram)
{
    static const char *const common[] = {"餐厅", "餐饮", "饭店", "酒店", "饭馆", "酒家", "酒楼",
                                         "公司", "有限", "限公", "责任", "管理", "小吃", "美食"};

    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
        if (strcmp(common[i], bigram) == 0)
            return true;
    }
    return false;
}

struct text_list name_bigrams(struct arena *arena, const char *folded)
{
    struct text_list list = {.items = arena_array(arena, const char *, strlen(folded) + 1)};

    for (const char *at = folded; *at != '\0'; at += character_length(at)) {
        size_t first = character_length(at);
        size_t both = at[first] == '\0' ? first : first + character_length(at + first);
        const char *bigram;

        if (both == first && at != folded)
            break;
        bigram = arena_text_len(arena, at, both);
        if (!is_common(bigram))
            list.items[list.count++] = bigram;
    }
    return list;
}

bool is_same_place(const char *name, const char *address, const char *other_name,
                   const char *other_address)
{
    return text_similarity(name, other_name) >= SAME_SIMILARITY &&
           text_similarity(address, other_address) >= SAME_SIMILARITY;
}
