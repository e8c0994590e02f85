/* keys.c - makes a key pair for ZeroMQ over tcp, and reads the ones the front is to be asked with. */
#include <errno.h>
#include <string.h>

#include "songda.h"

#include "base/banned.h"

int command_new_key(struct songda *songda, char **words, int count)
{
    char public_key[CURVE_TEXT];

    (void)songda;
    if (count != 1)
        return complain("new-key FILE");
    if (!curve_make(words[0], public_key))
        return complain("%s.key, %s.pub: %s", words[0], words[0], strerror(errno));
    printf("%s\n", public_key);
    return EXIT_DONE;
}

bool keys_load(struct songda *songda)
{
    const char *own = songda->key_file ? songda->key_file : "";
    const char *gateway = songda->gateway_key_file ? songda->gateway_key_file : "", *problem;

    if (curve_load_client(&songda->keys, own, gateway, &problem))
        return true;
    complain("--key-file %s, --gateway-key-file %s: %s", own, gateway, problem);
    return false;
}
