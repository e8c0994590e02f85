/* curve.h - keys for ZeroMQ over tcp: each side has a key pair (Curve25519) and knows the other's public key; all that passes is encrypted.
 *
 * A key is 40 characters of Z85 (ZeroMQ RFC 32). FILE.key holds the secret one, for its owner's eyes only (0400); FILE.pub the public one,
 * which follows from it. Addresses of the machine itself, ipc://, never need keys: the folder's mode says who may connect.
 */
#ifndef SONGDA_WIRE_CURVE_H
#define SONGDA_WIRE_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CURVE_TEXT 41     /* characters of a key as text, and a NUL */
#define CURVE_BYTES 32    /* of a key */
#define CURVE_ADDRESS 256 /* of one address, with a NUL */

struct curve_pair {
    bool is_set;
    char public_key[CURVE_TEXT], secret_key[CURVE_TEXT];
};

/* What whoever dials in needs. */
struct curve_client {
    struct curve_pair own;
    char gateway[CURVE_TEXT]; /* public */
};

/* From FILE.key. "": none, true. False: *problem says what is wrong (static text). */
bool curve_load_pair(struct curve_pair *pair, const char *path, const char **problem);

/* From FILE.pub. False: the same. */
bool curve_load_public(char key[CURVE_TEXT], const char *path, const char **problem);

/* Both of a client's files, or neither ("" and ""). */
bool curve_load_client(struct curve_client *client, const char *own, const char *gateway,
                       const char **problem);

/* Makes BASE.key and BASE.pub; a file that is there stays, and that is an error (errno). */
bool curve_make(const char *base, char public_key[CURVE_TEXT]);

/* 40 characters of Z85 that are a key. */
bool curve_is_key(const char *text);

/* Of 32 bytes. */
void curve_text(const uint8_t key[CURVE_BYTES], char text[CURVE_TEXT]);

/* Zeroes it. */
void curve_forget(struct curve_pair *pair);

/* How the socket's next zmq_bind or zmq_connect speaks: encrypted as the server, and who connects is asked of the ZAP handler under this
 * domain; as a client; or in plain text. Dies when libzmq cannot. */
void curve_as_server(void *socket, const struct curve_pair *pair, const char *domain);
void curve_as_client(void *socket, const struct curve_client *client);
void curve_as_plain(void *socket);

/* tcp://: what is encrypted when there are keys. */
bool curve_is_for(const char *address);

/* ipc://, inproc:// and tcp:// to 127.0.0.0/8 and [::1]: what does not leave the machine. */
bool curve_is_private(const char *address);

/* The next address of a space separated list (behind *list, which moves); false: none. Dies of one that is too long. */
bool curve_next_address(const char **list, char address[CURVE_ADDRESS]);

/* The first address of the list that may not be used without keys, or NULL. In `found`. */
const char *curve_open_address(const char *list, char found[CURVE_ADDRESS]);

#endif
