/*
 * An HTTPS server on GnuTLS that says who its client is, on IPv4 and one port.
 *
 * server PORT CERTIFICATE KEY PASSPHRASE PRIORITY none|optional|required AUTHORITIES
 *
 * Empty words stand for nothing. It prints its port as soon as it listens, and serves until it is killed.
 */
#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bounds every handshake and read, in seconds. */
enum { TIMEOUT = 120 };

static gnutls_certificate_credentials_t credentials;
static gnutls_priority_t priority;
static gnutls_certificate_request_t asks;

static void must(int code, const char *what) {
  if (code < 0) {
    fprintf(stderr, "%s: %s\n", what, gnutls_strerror(code));
    exit(1);
  }
}

/* Under optional nothing may come; what comes is verified for the purpose of a client. */
static int verify(gnutls_session_t session) {
  unsigned int count = 0;
  if (gnutls_certificate_get_peers(session, &count) == NULL) {
    return asks == GNUTLS_CERT_REQUIRE ? GNUTLS_E_NO_CERTIFICATE_FOUND : 0;
  }
  gnutls_typed_vdata_st purpose = {GNUTLS_DT_KEY_PURPOSE_OID, (void *)GNUTLS_KP_TLS_WWW_CLIENT, 0};
  unsigned int status = 0;
  int code = gnutls_certificate_verify_peers(session, &purpose, 1, &status);
  return code < 0 ? code : status == 0 ? 0 : GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

/* Reads to the end of the request's head. */
static int read_request(gnutls_session_t session) {
  char head[8192];
  size_t length = 0;
  while (length < sizeof head - 1) {
    ssize_t got = gnutls_record_recv(session, head + length, sizeof head - 1 - length);
    if (got == GNUTLS_E_INTERRUPTED || got == GNUTLS_E_AGAIN) {
      continue;
    }
    if (got <= 0) {
      return 0;
    }
    length += (size_t)got;
    head[length] = '\0';
    if (strstr(head, "\r\n\r\n") != NULL) {
      return 1;
    }
  }
  return 0;
}

static void answer(gnutls_session_t session) {
  unsigned int count = 0;
  const char *seen = gnutls_certificate_get_peers(session, &count) == NULL ? "false" : "true";
  char body[64], text[256];
  snprintf(body, sizeof body, "{\"clientCertificate\":%s,\"subject\":null}", seen);
  int length = snprintf(text, sizeof text,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        strlen(body), body);
  gnutls_record_send(session, text, (size_t)length);
}

static void serve(int connection) {
  gnutls_session_t session;
  must(gnutls_init(&session, GNUTLS_SERVER), "session");
  must(gnutls_priority_set(session, priority), "priority");
  must(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials), "credentials");
  gnutls_certificate_server_set_request(session, asks);
  gnutls_handshake_set_timeout(session, TIMEOUT * 1000);
  gnutls_record_set_timeout(session, TIMEOUT * 1000);
  gnutls_transport_set_int(session, connection);
  int code;
  do {
    code = gnutls_handshake(session);
  } while (code < 0 && !gnutls_error_is_fatal(code));
  if (code < 0) {
    gnutls_alert_send_appropriate(session, code);
  } else if (read_request(session)) {
    answer(session);
    gnutls_bye(session, GNUTLS_SHUT_WR);
  }
  close(connection);
}

static int listen_on(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 50) != 0 ||
      getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
    perror("listen");
    exit(1);
  }
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

int main(int count, char **words) {
  if (count != 8) {
    fprintf(stderr, "server: 7 words, got %d\n", count - 1);
    return 2;
  }
  const char *mode = words[6], *passphrase = words[4][0] == '\0' ? NULL : words[4];
  asks = strcmp(mode, "required") == 0   ? GNUTLS_CERT_REQUIRE
         : strcmp(mode, "optional") == 0 ? GNUTLS_CERT_REQUEST
                                         : GNUTLS_CERT_IGNORE;
  must(gnutls_certificate_allocate_credentials(&credentials), "credentials");
  must(gnutls_certificate_set_x509_key_file2(credentials, words[2], words[3], GNUTLS_X509_FMT_PEM, passphrase, 0),
       words[2]);
  if (words[7][0] != '\0') {
    must(gnutls_certificate_set_x509_trust_file(credentials, words[7], GNUTLS_X509_FMT_PEM), words[7]);
  }
  gnutls_certificate_set_verify_function(credentials, verify);
  must(gnutls_priority_init(&priority, words[5], NULL), words[5]);
  /* A child for each connection; nobody waits for it. */
  signal(SIGCHLD, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  int listener = listen_on(atoi(words[1]));
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    if (connection < 0) {
      continue;
    }
    if (fork() == 0) {
      close(listener);
      serve(connection);
      _exit(0);
    }
    close(connection);
  }
}
