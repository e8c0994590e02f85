/* curve.c - reads and makes keys, and tells sockets to use them. */
#include "wire/curve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "base/log.h"

#include "base/banned.h"

enum { NOBODY_ELSE = S_IRWXG | S_IRWXO, NOBODY_ELSE_WRITES = S_IWGRP | S_IWOTH };

bool curve_is_key(const char *text)
{
    uint8_t key[CURVE_BYTES];

    return strlen(text) == CURVE_TEXT - 1 && zmq_z85_decode(key, text) != NULL;
}

void curve_text(const uint8_t key[CURVE_BYTES], char text[CURVE_TEXT])
{
    zmq_z85_encode(text, key, CURVE_BYTES);
}

void curve_forget(struct curve_pair *pair)
{
    explicit_bzero(pair, sizeof(*pair));
}

/* The key that is all that the file holds, but for white space behind it. */
static bool load_key(char key[CURVE_TEXT], const char *path, mode_t forbidden, const char **problem)
{
    char text[2 * CURVE_TEXT] = "";
    struct stat status;
    ssize_t len;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    *problem = "cannot be read";
    if (fd < 0)
        return false;
    len = fstat(fd, &status) == 0 ? read(fd, text, sizeof(text) - 1) : -1;
    close(fd);
    if (len < 0)
        return false;
    if (status.st_mode & forbidden) {
        *problem = forbidden == NOBODY_ELSE ? "others may read it" : "others may write it";
        return false;
    }
    text[strcspn(text, " \t\r\n")] = '\0';
    *problem = "is not a key of 40 characters";
    if (!curve_is_key(text))
        return false;
    memcpy(key, text, CURVE_TEXT);
    explicit_bzero(text, sizeof(text));
    return true;
}

bool curve_load_pair(struct curve_pair *pair, const char *path, const char **problem)
{
    *pair = (struct curve_pair){.is_set = false};
    if (*path == '\0')
        return true;
    if (!load_key(pair->secret_key, path, NOBODY_ELSE, problem))
        return false;
    *problem = "libzmq has no CURVE";
    pair->is_set = zmq_curve_public(pair->public_key, pair->secret_key) == 0;
    return pair->is_set;
}

bool curve_load_public(char key[CURVE_TEXT], const char *path, const char **problem)
{
    return load_key(key, path, NOBODY_ELSE_WRITES, problem);
}

bool curve_load_client(struct curve_client *client, const char *own, const char *gateway,
                       const char **problem)
{
    *client = (struct curve_client){.own.is_set = false};
    if ((*own == '\0') != (*gateway == '\0')) {
        *problem = "one's own key and the gateway's go together";
        return false;
    }
    return *own == '\0' || (curve_load_pair(&client->own, own, problem) &&
                            curve_load_public(client->gateway, gateway, problem));
}

static bool write_key(const char *base, const char *ending, mode_t mode, const char *key)
{
    char path[4096], line[CURVE_TEXT + 1];
    int fd, len = snprintf(path, sizeof(path), "%s%s", base, ending);
    bool is_written;

    errno = ENAMETOOLONG;
    if (len < 0 || (size_t)len >= sizeof(path))
        return false;
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return false;
    len = snprintf(line, sizeof(line), "%s\n", key);
    is_written = write(fd, line, (size_t)len) == len && fsync(fd) == 0;
    explicit_bzero(line, sizeof(line));
    return close(fd) == 0 && is_written;
}

bool curve_make(const char *base, char public_key[CURVE_TEXT])
{
    char secret_key[CURVE_TEXT];
    bool is_made = zmq_curve_keypair(public_key, secret_key) == 0 &&
                   write_key(base, ".key", S_IRUSR, secret_key) &&
                   write_key(base, ".pub", S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH, public_key);

    explicit_bzero(secret_key, sizeof(secret_key));
    return is_made;
}

static void set_key(void *socket, int option, const char *key)
{
    if (zmq_setsockopt(socket, option, key, CURVE_TEXT) != 0)
        die("zmq_setsockopt", "option %d: %s", option, zmq_strerror(errno));
}

static void set_server(void *socket, int is_server, const char *domain)
{
    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &is_server, sizeof(is_server)) != 0 ||
        zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, strlen(domain)) != 0)
        die("zmq_setsockopt", "domain %s: %s", domain, zmq_strerror(errno));
}

void curve_as_server(void *socket, const struct curve_pair *pair, const char *domain)
{
    set_server(socket, pair->is_set, domain);
    if (pair->is_set)
        set_key(socket, ZMQ_CURVE_SECRETKEY, pair->secret_key);
}

void curve_as_client(void *socket, const struct curve_client *client)
{
    set_key(socket, ZMQ_CURVE_SERVERKEY, client->gateway);
    set_key(socket, ZMQ_CURVE_PUBLICKEY, client->own.public_key);
    set_key(socket, ZMQ_CURVE_SECRETKEY, client->own.secret_key);
}

void curve_as_plain(void *socket)
{
    int no = 0; /* turns CURVE off, as a client too */

    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &no, sizeof(no)) != 0)
        die("zmq_setsockopt", "%s", zmq_strerror(errno));
}

bool curve_is_for(const char *address)
{
    return strncmp(address, "tcp://", 6) == 0;
}

/* tcp://127.0.0.0/8:PORT and tcp://[::1]:PORT; a name may be anybody's. */
static bool is_loopback(const char *address)
{
    const char *host = address + strlen("tcp://"), *colon = strrchr(address, ':');
    char text[INET6_ADDRSTRLEN + 2];
    struct in6_addr long_address;
    struct in_addr short_address;
    size_t len = colon > host ? (size_t)(colon - host) : 0;

    if (len == 0 || len >= sizeof(text))
        return false;
    memcpy(text, host, len);
    text[len] = '\0';
    if (inet_pton(AF_INET, text, &short_address) == 1)
        return ntohl(short_address.s_addr) >> 24 == 127;
    if (text[0] != '[' || text[len - 1] != ']')
        return false;
    text[len - 1] = '\0';
    return inet_pton(AF_INET6, text + 1, &long_address) == 1 && IN6_IS_ADDR_LOOPBACK(&long_address);
}

bool curve_is_private(const char *address)
{
    return strncmp(address, "ipc://", 6) == 0 || strncmp(address, "inproc://", 9) == 0 ||
           (curve_is_for(address) && is_loopback(address));
}

bool curve_next_address(const char **list, char address[CURVE_ADDRESS])
{
    const char *at = *list + strspn(*list, " ");
    size_t len = strcspn(at, " ");

    *list = at + len;
    if (len >= CURVE_ADDRESS)
        die("address", "an address of %zu bytes", len);
    memcpy(address, at, len);
    address[len] = '\0';
    return len > 0;
}

const char *curve_open_address(const char *list, char found[CURVE_ADDRESS])
{
    while (curve_next_address(&list, found)) {
        if (!curve_is_private(found))
            return found;
    }
    return NULL;
}
