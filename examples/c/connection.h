/* A TLS connection over a socket of POSIX, by OpenSSL: what a job asks for, each with a deadline. */

#ifndef CONNECTION_H
#define CONNECTION_H

#include <openssl/ssl.h>

#include "graph_call.h"

/* One connection at a time, and for whom it is. */
typedef struct {
    SSL_CTX *context;
    SSL *tls; /* null while there is none */
    int socket;
    char host[256];
    uint32_t port;
} Connection;

/* What came of it, as graph_call_job_step takes it. */
typedef struct {
    uint32_t did;
    size_t value;
} Outcome;

/* Milliseconds of a clock that nobody sets. */
uint64_t now_ms(void);

/* Lets time pass, until a time of that clock. */
void wait_until(uint64_t by);

/* Trusts the authorities of a file in PEM, or those of the system if it is null; 0 if they cannot be read. */
int connection_init(Connection *connection, const char *ca_file);

/* Has a connection to the peer of a CONNECT: the one that is there, if it may be used again, or a new one. */
Outcome connection_open(Connection *connection, const graph_call_Next *next);

/* Writes some of the bytes. */
Outcome connection_send(Connection *connection, const uint8_t *bytes, size_t length, uint64_t by);

/* Reads into the buffer. */
Outcome connection_receive(Connection *connection, uint8_t *buffer, size_t length, uint64_t by);

/* Ends the connection, if there is one. */
void connection_close(Connection *connection);

/* Ends the connection, and forgets whom to trust. */
void connection_free(Connection *connection);

#endif
