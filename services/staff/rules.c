/* rules.c - what names, codes, passwords and tokens may look like, and where a branch may stand. */
#include <sodium.h>
#include <zxcvbn.h>

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

/* Common passwords, words, names, years, rows of keys and what is usually made of them (D. L. Wheeler, zxcvbn, USENIX Security 2016) give few
 * bits. Only the beginning is looked at: what comes behind it makes nothing easier, and the work grows with the length. */
static bool is_easily_guessed(const char *password, const char *sign_in_name)
{
    const char *words[] = {sign_in_name, NULL};
    char beginning[PASSWORD_LOOKED_AT + 1];

    snprintf(beginning, sizeof(beginning), "%s", password);
    return ZxcvbnMatch(beginning, words, NULL) < PASSWORD_BITS;
}

/* The estimate knows English; these are common elsewhere, or have no pattern that it sees. */
static const char *const common_passwords[] = {
    "1q2w3e4r5t6y7u8i9o0p", "a1a2a3a4a5",       "akucintakamu",    "akusayangkamu",
    "alhamdulillah",        "amigasporsiempre", "amigasx100pre",   "amorimposible",
    "aphcueqgglktu",        "arquitectura",     "assalamualaikum", "bucephalus",
    "chupachups",           "congratulation",   "contabilidad",    "contraseña",
    "cualquiercosa",        "elamordemivida",   "ereslomejor",     "fckgwrhqq2",
    "fresasconcrema",       "fushigiyuugi",     "gribouille",      "holacomoestas",
    "ichliebedich",         "klapaucius",       "kmzwa8awaa",      "kuvhlubkoj",
    "mahalnamahalkita",     "mejoresamigas",    "mividaerestu",    "moscraciun",
    "narutouzumaki",        "nosequeponer",     "nuncateolvidare", "paralelepipedo",
    "qpwoeiruty",           "reymisterio619",   "sasukeuchiha",    "teiubescmult",
    "tekelomucho",          "tekelomuxo",       "tekieromucho",    "tequieromucho",
    "tequieromuxo",         "tezcatlipoca",     "tivogliobene",    "troglodyte",
    "tueresmivida",         "tuyyox100pre",     "uchihasasuke",    "uzumakinaruto",
    "vetealamierda",        "yosoylamejor",     "woaini1314520",   "5201314woaini",
    "woaiwojia520",
};

static bool is_common(const char *password)
{
    for (size_t i = 0; i < sizeof(common_passwords) / sizeof(*common_passwords); i++) {
        if (strcasecmp(password, common_passwords[i]) == 0)
            return true;
    }
    return false;
}

bool password_is_strong(const char *password, const char *sign_in_name)
{
    return text_length(password) >= PASSWORD_MIN && kinds_of_characters(password) >= 5 &&
           strcasestr(password, sign_in_name) == NULL && !is_common(password) &&
           !is_easily_guessed(password, sign_in_name);
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
