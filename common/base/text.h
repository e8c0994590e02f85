/* text.h - UTF-8 texts: comparing, cleaning, telling how alike two names are; telephone numbers.
 *
 * Texts are UTF-8 ended by NUL. Normal forms and properties are Unicode's, by utf8proc.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Byte by byte; NULL equals only NULL. */
bool text_equal(const char *a, const char *b);

/* Well-formed UTF-8 (RFC 3629: no surrogates, nothing overlong) without a NUL among the `len`
 * bytes. */
bool text_is_utf8(const char *text, size_t len);

/* Normal form C, without Unicode white space (property White_Space) at both ends. NULL when not
 * UTF-8. */
char *text_nfc(struct arena *arena, const char *text);

/* Code points; for bytes that are not UTF-8, those before the first wrong one. */
size_t text_length(const char *text);

/* For comparing: compatibility forms and case folded away (full width, ligatures, ß), punctuation,
 * spaces and invisible characters removed: "ＡＢＣ（上海）有限公司" → "abc上海有限公司". NULL when not UTF-8. */
char *text_fold(struct arena *arena, const char *text);

/* Digits only, as dialled inside China: "+86 138-1234-5678" → "13812345678", "0086 21 6234 5678" →
 * "02162345678". Spaces, hyphens, dots and brackets are skipped, full-width forms are understood;
 * +86 and 0086 are removed, and so is a bare 86 before an 11-digit mobile number; a landline
 * written with +86 gets its trunk 0 back. A number of another country keeps its digits. NULL when
 * anything else stands in it, or when it has not 7 to 15 digits. */
char *phone_normalise(struct arena *arena, const char *phone);

/* For showing to those who may not see it: "13812345678" → "138****5678". Of a number of at least
 * 11 characters the first 3 and last 4 stay, of 8 to 10 the last 2, of a shorter one nothing. */
char *phone_mask(struct arena *arena, const char *phone);

/* How alike two names are, 0..1000: Dice's coefficient over the pairs of neighbouring code points
 * of the folded texts (L. R. Dice, Ecology 26(3), 1945). 1000 when the folded texts are equal; 0
 * when either folds to nothing or is not UTF-8. Only the first 1,024 code points count. */
int text_similarity(const char *a, const char *b);

#endif
