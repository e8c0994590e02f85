/* rules.c - what names, codes, passwords and tokens may look like, and where a branch may stand. */
#include <sodium.h>

#include "base/text.h"
#include "sign_in.h"

#include "base/banned.h"

bool is_working(enum person_status status)
{
    return status == PERSON_STATUS_JOINING || status == PERSON_STATUS_ACTIVE;
}

bool sign_in_name_is_valid(const char *name)
{
    size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-");

    return name[len] == '\0' && len >= 2 && len <= 64;
}

bool branch_code_is_valid(const char *code)
{
    size_t len = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    return code[len] == '\0' && len >= 2 && len <= 8;
}

static bool is_office(enum branch_kind kind)
{
    return kind == BRANCH_KIND_HEADQUARTERS || kind == BRANCH_KIND_BRANCH;
}

bool may_stand_under(enum branch_kind kind, enum branch_kind parent)
{
    switch (kind) {
    case BRANCH_KIND_HEADQUARTERS:
        return false;
    case BRANCH_KIND_BRANCH:
        return parent == BRANCH_KIND_HEADQUARTERS;
    case BRANCH_KIND_DEPARTMENT:
        return is_office(parent);
    case BRANCH_KIND_TEAM:
        return parent != BRANCH_KIND_TEAM;
    }
    return false;
}

static int kinds_of_characters(const char *text)
{
    bool seen[256] = {false};
    int kinds = 0;

    for (; *text != '\0'; text++) {
        kinds += !seen[(unsigned char)*text];
        seen[(unsigned char)*text] = true;
    }
    return kinds;
}

bool password_is_strong(const char *password, const char *sign_in_name)
{
    return text_length(password) >= PASSWORD_MIN && kinds_of_characters(password) >= 5 &&
           strcasestr(password, sign_in_name) == NULL;
}

bool token_digest(const char *token, uint8_t digest[TOKEN_HASH_BYTES])
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    if (strlen(token) != 43 || strspn(token, letters) != 43)
        return false;
    crypto_hash_sha256(digest, (const unsigned char *)token, strlen(token));
    return true;
}
