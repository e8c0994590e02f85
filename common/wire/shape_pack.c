/* shape_pack.c - writes a struct as MessagePack by its shape. */
#include "wire/shape_rules.h"

#include "base/banned.h"

struct packing {
    struct buffer *out;
    bool masked;
    struct arena arena; /* for masked texts; takes no memory where there are none */
};

static void pack_object(struct packing *packing, const struct shape *shape, const void *value);

static void store_big_endian(uint8_t *at, uint64_t number, size_t size)
{
    for (size_t i = size; i-- > 0; number >>= 8)
        at[i] = (uint8_t)number;
}

/* One byte of type and `size` bytes of a number or count. */
static void pack_head(struct buffer *out, uint8_t type, uint64_t number, size_t size)
{
    uint8_t *at = buffer_reserve(out, 1 + size);

    at[0] = type;
    store_big_endian(at + 1, number, size);
    out->len += 1 + size;
}

/* A count below `small` goes into the byte `fix`; types are those of 8, 16 and 32 bits, 0 where there is none. */
static void pack_count(struct buffer *out, size_t count, uint8_t fix, size_t small,
                       const uint8_t types[3])
{
    if (count < small)
        pack_head(out, (uint8_t)(fix | count), 0, 0);
    else if (count <= UINT8_MAX && types[0])
        pack_head(out, types[0], count, 1);
    else if (count <= UINT16_MAX)
        pack_head(out, types[1], count, 2);
    else
        pack_head(out, types[2], count, 4);
}

static void pack_str(struct buffer *out, const char *text, size_t len)
{
    pack_count(out, len, 0xa0, 32, (const uint8_t[]){0xd9, 0xda, 0xdb});
    buffer_append(out, text, len);
}

static void pack_bin(struct buffer *out, const uint8_t *data, size_t len)
{
    pack_count(out, len, 0, 0, (const uint8_t[]){0xc4, 0xc5, 0xc6});
    buffer_append(out, data, len);
}

static void pack_int(struct buffer *out, int64_t number)
{
    uint64_t bits = (uint64_t)number;

    if (number >= -32 && number < 128)
        pack_head(out, (uint8_t)number, 0, 0);
    else if (number >= 0 && number <= UINT8_MAX)
        pack_head(out, 0xcc, bits, 1);
    else if (number >= 0 && number <= UINT16_MAX)
        pack_head(out, 0xcd, bits, 2);
    else if (number >= 0 && number <= UINT32_MAX)
        pack_head(out, 0xce, bits, 4);
    else if (number >= 0)
        pack_head(out, 0xcf, bits, 8);
    else if (number >= INT8_MIN)
        pack_head(out, 0xd0, bits, 1);
    else if (number >= INT16_MIN)
        pack_head(out, 0xd1, bits, 2);
    else if (number >= INT32_MIN)
        pack_head(out, 0xd2, bits, 4);
    else
        pack_head(out, 0xd3, bits, 8);
}

static void pack_text(struct packing *packing, const struct field *field, const char *text)
{
    if (!text)
        text = "";
    if (packing->masked && field->privacy)
        text = field_masked_text(&packing->arena, field->privacy, text);
    pack_str(packing->out, text, strlen(text));
}

static void pack_enum(struct packing *packing, const struct field *field, int value)
{
    const char *text = enumeration_text(field->values, value);

    pack_str(packing->out, text ? text : "", text ? strlen(text) : 0);
}

static void pack_item(struct packing *packing, const struct field *field, const void *at)
{
    const struct bytes *bytes = at;

    switch (field->type) {
    case FIELD_ID:
        pack_bin(packing->out, ((const struct id *)at)->bytes, sizeof(struct id));
        return;
    case FIELD_TEXT:
        pack_text(packing, field, *(const char *const *)at);
        return;
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QUANTITY:
    case FIELD_TIME:
        pack_int(packing->out, *(const int64_t *)at);
        return;
    case FIELD_DATE:
        pack_int(packing->out, *(const int32_t *)at);
        return;
    case FIELD_BOOL:
        buffer_append_byte(packing->out, *(const bool *)at ? 0xc3 : 0xc2);
        return;
    case FIELD_BYTES:
        pack_bin(packing->out, bytes->data, bytes->len);
        return;
    case FIELD_ENUM:
        pack_enum(packing, field, *(const int *)at);
        return;
    case FIELD_OBJECT:
        pack_object(packing, field->shape, at);
        return;
    }
}

static void pack_list(struct packing *packing, const struct field *field, struct any_list list)
{
    size_t size = field_item_size(field);

    pack_count(packing->out, list.count, 0x90, 16, (const uint8_t[]){0, 0xdc, 0xdd});
    for (size_t i = 0; i < list.count; i++)
        pack_item(packing, field, (const char *)list.items + i * size);
}

static void pack_object(struct packing *packing, const struct shape *shape, const void *value)
{
    size_t count = 0;

    for (size_t i = 0; i < shape->count; i++)
        count += field_is_present(&shape->fields[i], value);
    pack_count(packing->out, count, 0x80, 16, (const uint8_t[]){0, 0xde, 0xdf});
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        const char *at = (const char *)value + field->offset;

        if (!field_is_present(field, value))
            continue;
        pack_str(packing->out, field->name, strlen(field->name));
        if (field->is_list)
            pack_list(packing, field, list_at(at));
        else
            pack_item(packing, field, at);
    }
}

void shape_pack(const struct shape *shape, const void *value, bool masked, struct buffer *out)
{
    struct packing packing = {.out = out, .masked = masked};

    arena_init(&packing.arena);
    pack_object(&packing, shape, value);
    arena_release(&packing.arena);
}
