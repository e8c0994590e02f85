/* wire_message.h - for tests of the codec: MessagePack written down as JSON, made by msgpack-c. */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include "unit.h"

#include <jansson.h>
#include <msgpack.h>

#include "contract.gen.h"
#include "wire/shape.h"

#define ID_TEXT "01970000-0000-7000-8000-000000000001"
#define LINE "{'product_id': '#" ID_TEXT "', 'quantity': 1}"
#define REQUIRED                                                                                   \
    "'id': '#" ID_TEXT "', 'text': 'a', 'number': 1, 'flag': true, 'money': 2, 'price': 3, "       \
    "'quantity': 4, 'time': 5, 'date': 6, 'bytes': '#00', 'method': 'cash', 'line': " LINE ", "    \
    "'phone': '13812345678', 'address': '上海市黄浦区人民大道200号'"

/* Two hexadecimal digits to a byte; hyphens are skipped. */
static inline size_t from_hex(const char *text, uint8_t *out)
{
    size_t len = 0;

    while (*text) {
        char pair[3] = {text[0], text[1], '\0'};

        if (*text == '-') {
            text++;
            continue;
        }
        out[len++] = (uint8_t)strtoul(pair, NULL, 16);
        text += 2;
    }
    return len;
}

static inline void pack_json(msgpack_packer *packer, json_t *json);

static inline void pack_json_string(msgpack_packer *packer, json_t *json)
{
    const char *text = json_string_value(json);
    uint8_t data[256];
    size_t len = json_string_length(json);

    if (*text != '#') {
        msgpack_pack_str(packer, len);
        msgpack_pack_str_body(packer, text, len);
        return;
    }
    assert_true(len < sizeof(data));
    len = from_hex(text + 1, data);
    msgpack_pack_bin(packer, len);
    msgpack_pack_bin_body(packer, data, len);
}

static inline void pack_json_object(msgpack_packer *packer, json_t *json)
{
    const char *key;
    json_t *value;

    msgpack_pack_map(packer, json_object_size(json));
    json_object_foreach(json, key, value)
    {
        msgpack_pack_str(packer, strlen(key));
        msgpack_pack_str_body(packer, key, strlen(key));
        pack_json(packer, value);
    }
}

static inline void pack_json_array(msgpack_packer *packer, json_t *json)
{
    msgpack_pack_array(packer, json_array_size(json));
    for (size_t i = 0; i < json_array_size(json); i++)
        pack_json(packer, json_array_get(json, i));
}

static inline void pack_json(msgpack_packer *packer, json_t *json)
{
    if (json_is_object(json))
        pack_json_object(packer, json);
    else if (json_is_array(json))
        pack_json_array(packer, json);
    else if (json_is_string(json))
        pack_json_string(packer, json);
    else if (json_is_integer(json))
        msgpack_pack_int64(packer, json_integer_value(json));
    else if (json_is_real(json))
        msgpack_pack_double(packer, json_real_value(json));
    else if (json_is_null(json))
        msgpack_pack_nil(packer);
    else if (json_is_true(json))
        msgpack_pack_true(packer);
    else
        msgpack_pack_false(packer);
}

/* MessagePack of JSON written with ' for "; a text that begins with # is hexadecimal and becomes a bin. */
static inline struct bytes message(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline struct bytes message(struct arena *arena, const char *format, ...)
{
    char text[8192];
    va_list arguments;
    msgpack_sbuffer buffer;
    msgpack_packer packer;
    json_error_t error;
    struct bytes packed;
    json_t *json;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    for (char *at = text; *at; at++)
        *at = (char)(*at == '\'' ? '"' : *at);
    json = json_loads(text, JSON_DECODE_ANY, &error);
    if (!json)
        fail_msg("%s in %s", error.text, text);
    msgpack_sbuffer_init(&buffer);
    msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
    pack_json(&packer, json);
    packed = (struct bytes){arena_copy(arena, buffer.data, buffer.size), buffer.size};
    msgpack_sbuffer_destroy(&buffer);
    json_decref(json);
    return packed;
}

#endif
