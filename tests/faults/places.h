/* places.h - sockets by their written place: unix:PATH or ADDRESS:PORT; all of them never wait. */
#ifndef FAULTS_PLACES_H
#define FAULTS_PLACES_H

/* A descriptor, or -1 with errno. A TCP connection may still be on its way. */
int place_listen(const char *place);
int place_connect(const char *place);
int place_accept(int listener);

/* Closes without saying goodbye: of TCP the other side sees a reset. */
void place_abort(int fd);

#endif
