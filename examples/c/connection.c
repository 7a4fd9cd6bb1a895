/* The socket never blocks: what waits is poll, until the deadline that the job has set. */

#define _POSIX_C_SOURCE 200809L

#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static Outcome outcome(graph_call_Did did, size_t value) {
    Outcome outcome;
    outcome.did = did;
    outcome.value = value;
    return outcome;
}

static Outcome failed(graph_call_Fault fault) {
    return outcome(GRAPH_CALL_DID_FAILED, fault);
}

uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

void wait_until(uint64_t by) {
    uint64_t now = now_ms();
    if (by > now) {
        struct timespec span;
        span.tv_sec = (time_t)((by - now) / 1000u);
        span.tv_nsec = (long)((by - now) % 1000u) * 1000000L;
        nanosleep(&span, NULL);
    }
}

/* Waits until the socket is ready for this; 0 if it is not by the deadline. */
static int is_ready(int socket, short events, uint64_t by) {
    for (;;) {
        struct pollfd wanted = {0};
        uint64_t now = now_ms();
        uint64_t left = by > now ? by - now : 0;
        int found;
        wanted.fd = socket;
        wanted.events = events;
        found = poll(&wanted, 1, left < INT_MAX ? (int)left : INT_MAX);
        if (found >= 0 || errno != EINTR) {
            return found > 0;
        }
    }
}

int connection_init(Connection *connection, const char *ca_file) {
    memset(connection, 0, sizeof *connection);
    connection->socket = -1;
    connection->context = SSL_CTX_new(TLS_client_method());
    if (connection->context == NULL) {
        return 0;
    }
    SSL_CTX_set_verify(connection->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_min_proto_version(connection->context, TLS1_2_VERSION);
    SSL_CTX_set_mode(connection->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return ca_file != NULL ? SSL_CTX_load_verify_locations(connection->context, ca_file, NULL)
                           : SSL_CTX_set_default_verify_paths(connection->context);
}

/* A socket that is connected to one of the host's addresses, or -1 with the reason. */
static int dial(const char *host, uint32_t port, uint64_t by, graph_call_Fault *fault) {
    struct addrinfo hints = {0};
    struct addrinfo *addresses;
    char service[8];
    int found = -1;
    snprintf(service, sizeof service, "%u", (unsigned)port);
    hints.ai_socktype = SOCK_STREAM;
    *fault = GRAPH_CALL_FAULT_NOT_RESOLVED;
    if (getaddrinfo(host, service, &hints, &addresses) != 0) {
        return -1;
    }
    for (const struct addrinfo *at = addresses; at != NULL && found < 0; at = at->ai_next) {
        int error = 0;
        int yes = 1;
        socklen_t size = sizeof error;
        int one = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
        if (one < 0) {
            continue;
        }
        if (fcntl(one, F_SETFL, O_NONBLOCK) == 0 &&
            (connect(one, at->ai_addr, at->ai_addrlen) == 0 ||
             (errno == EINPROGRESS && is_ready(one, POLLOUT, by) &&
              getsockopt(one, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0))) {
            setsockopt(one, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            found = one;
        } else {
            close(one);
        }
    }
    freeaddrinfo(addresses);
    *fault = GRAPH_CALL_FAULT_NOT_CONNECTED;
    return found;
}

/* Waits for what an operation of TLS lacks; 0 if it failed for good, or the deadline is over. */
static int may_go_on(Connection *connection, int result, uint64_t by) {
    switch (SSL_get_error(connection->tls, result)) {
    case SSL_ERROR_WANT_READ:
        return is_ready(connection->socket, POLLIN, by);
    case SSL_ERROR_WANT_WRITE:
        return is_ready(connection->socket, POLLOUT, by);
    default:
        return 0;
    }
}

/* Whether it waited until the deadline. */
static int is_late(Connection *connection, int result, uint64_t by) {
    int error = SSL_get_error(connection->tls, result);
    return (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) && now_ms() >= by;
}

Outcome connection_open(Connection *connection, const graph_call_Next *next) {
    char host[sizeof connection->host];
    graph_call_Fault fault;
    int result;
    if (next->is_plain != 0 || next->host.length >= sizeof host) {
        return failed(GRAPH_CALL_FAULT_NOT_CONNECTED);
    }
    memcpy(host, next->host.start, next->host.length);
    host[next->host.length] = '\0';
    if (connection->tls != NULL) {
        int is_same = connection->port == next->port && strcmp(connection->host, host) == 0;
        /* Whatever has come since the last answer, its end included, belongs to nobody. */
        int is_quiet = !SSL_has_pending(connection->tls) && !is_ready(connection->socket, POLLIN, 0);
        if (is_same && is_quiet && next->is_fresh == 0) {
            return outcome(GRAPH_CALL_DID_CONNECTED, 1);
        }
        connection_close(connection);
    }
    connection->socket = dial(host, next->port, next->by, &fault);
    if (connection->socket < 0) {
        return failed(fault);
    }
    connection->tls = SSL_new(connection->context);
    if (connection->tls == NULL || SSL_set_fd(connection->tls, connection->socket) != 1 ||
        /* The name that is asked for, and the name that the certificate has to have. */
        SSL_set_tlsext_host_name(connection->tls, host) != 1 || SSL_set1_host(connection->tls, host) != 1) {
        connection_close(connection);
        return failed(GRAPH_CALL_FAULT_TLS);
    }
    do {
        ERR_clear_error();
        result = SSL_connect(connection->tls);
    } while (result != 1 && may_go_on(connection, result, next->by));
    if (result != 1) {
        fault = SSL_get_verify_result(connection->tls) != X509_V_OK ? GRAPH_CALL_FAULT_CERTIFICATE
                : is_late(connection, result, next->by)             ? GRAPH_CALL_FAULT_TIMEOUT
                                                                    : GRAPH_CALL_FAULT_TLS;
        connection_close(connection);
        return failed(fault);
    }
    strcpy(connection->host, host);
    connection->port = next->port;
    return outcome(GRAPH_CALL_DID_CONNECTED, 0);
}

Outcome connection_send(Connection *connection, const uint8_t *bytes, size_t length, uint64_t by) {
    size_t written = 0;
    int result;
    do {
        ERR_clear_error();
        result = SSL_write_ex(connection->tls, bytes, length, &written);
    } while (result != 1 && may_go_on(connection, result, by));
    return result == 1 ? outcome(GRAPH_CALL_DID_SENT, written)
           : is_late(connection, result, by) ? outcome(GRAPH_CALL_DID_NOTHING, 0)
                                             : failed(GRAPH_CALL_FAULT_RESET);
}

Outcome connection_receive(Connection *connection, uint8_t *buffer, size_t length, uint64_t by) {
    size_t read = 0;
    int result;
    do {
        ERR_clear_error();
        result = SSL_read_ex(connection->tls, buffer, length, &read);
    } while (result != 1 && may_go_on(connection, result, by));
    if (result == 1) {
        return outcome(GRAPH_CALL_DID_RECEIVED, read);
    }
    if (is_late(connection, result, by)) {
        return outcome(GRAPH_CALL_DID_NOTHING, 0);
    }
    switch (SSL_get_error(connection->tls, result)) {
    case SSL_ERROR_ZERO_RETURN: /* close_notify */
        return outcome(GRAPH_CALL_DID_ENDED, 1);
    case SSL_ERROR_SSL: /* TCP has ended, and TLS has not */
        return ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING
                   ? outcome(GRAPH_CALL_DID_ENDED, 0)
                   : failed(GRAPH_CALL_FAULT_TLS);
    default:
        return failed(GRAPH_CALL_FAULT_RESET);
    }
}

void connection_close(Connection *connection) {
    if (connection->tls != NULL) {
        ERR_clear_error();
        /* Says that this is the end, and does not wait for an answer. */
        SSL_shutdown(connection->tls);
        SSL_free(connection->tls);
        connection->tls = NULL;
    }
    if (connection->socket >= 0) {
        close(connection->socket);
        connection->socket = -1;
    }
}

void connection_free(Connection *connection) {
    connection_close(connection);
    SSL_CTX_free(connection->context);
    connection->context = NULL;
}
