/* test_tls.c - whom libcurl trusts: the authorities that it is told of, for the name meant. */
#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "line.h"

/* A server whose certificate nobody but itself has signed. */
struct stranger {
	EVP_PKEY *key;
	X509 *certificate;
	char path[64]; /* the certificate, as PEM */
	int listener;
	pthread_t thread;
	size_t requests;
};

static struct stranger stranger;

static void make_certificate(const char *names)
{
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);

	stranger.key = EVP_EC_gen("P-256");
	ck_assert_ptr_nonnull(stranger.key);
	ck_assert_ptr_nonnull(extension);
	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"s", -1, -1, 0);
	X509_set_issuer_name(certificate, name);
	X509_set_pubkey(certificate, stranger.key);
	X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
	ck_assert_int_gt(X509_sign(certificate, stranger.key, EVP_sha256()), 0);
	stranger.certificate = certificate;
}

static void write_certificate(void)
{
	FILE *file;
	int fd;

	snprintf(stranger.path, sizeof stranger.path, "/tmp/vidmill-tls-XXXXXX");
	fd = mkstemp(stranger.path);
	ck_assert_int_ge(fd, 0);
	file = fdopen(fd, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(PEM_write_X509(file, stranger.certificate), 1);
	fclose(file);
}

/* One connection. */
static void *serve(void *ctx)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	SSL *ssl;
	char bytes[4096];
	int fd = accept(stranger.listener, NULL, NULL);

	SSL_CTX_use_certificate(context, stranger.certificate);
	SSL_CTX_use_PrivateKey(context, stranger.key);
	ssl = SSL_new(context);
	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1 && SSL_read(ssl, bytes, sizeof bytes) > 0) {
		stranger.requests++;
		SSL_write(ssl, OK_EMPTY, (int)strlen(OK_EMPTY));
	}
	SSL_free(ssl);
	SSL_CTX_free(context);
	close(fd);
	return ctx;
}

static void stranger_start(const char *names)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;

	/* The client may leave in the middle of a word of OpenSSL's. */
	signal(SIGPIPE, SIG_IGN);
	stranger = (struct stranger){.listener = socket(AF_INET, SOCK_STREAM, 0)};
	make_certificate(names);
	write_certificate();
	ck_assert_int_eq(bind(stranger.listener, (struct sockaddr *)&address, length), 0);
	ck_assert_int_eq(listen(stranger.listener, 1), 0);
	ck_assert_int_eq(getsockname(stranger.listener, (struct sockaddr *)&address, &length), 0);
	snprintf(line.url, sizeof line.url, "https://127.0.0.1:%u", ntohs(address.sin_port));
	ck_assert_int_eq(pthread_create(&stranger.thread, NULL, serve, NULL), 0);
}

static int ask(const char *ca_file)
{
	const struct http_settings settings = {
	    .ca_file = ca_file, .connect_ms = 5000, .quiet_ms = 5000};
	char url[128];
	int status;

	snprintf(url, sizeof url, "%s", line.url);
	ck_assert_int_eq(http_create(&settings, &line.http, NULL), VM_OK);
	status = line_send("PUT", url, "secret", 6, NULL);
	line_close();
	pthread_join(stranger.thread, NULL);
	close(stranger.listener);
	unlink(stranger.path);
	X509_free(stranger.certificate);
	EVP_PKEY_free(stranger.key);
	return status;
}

START_TEST(a_certificate_that_is_trusted)
{
	stranger_start("IP:127.0.0.1");
	ck_assert_int_eq(ask(stranger.path), VM_OK);
	ck_assert_uint_eq(stranger.requests, 1);
}
END_TEST

START_TEST(the_certificate_of_a_stranger)
{
	stranger_start("IP:127.0.0.1");
	ck_assert_int_eq(ask(NULL), VM_ERR_UNAVAILABLE);
	ck_assert_uint_eq(stranger.requests, 0);
	ck_assert_ptr_nonnull(strstr(line.err.message, "certificate"));
}
END_TEST

START_TEST(a_trusted_certificate_of_another_name)
{
	stranger_start("DNS:another.example");
	ck_assert_int_eq(ask(stranger.path), VM_ERR_UNAVAILABLE);
	ck_assert_uint_eq(stranger.requests, 0);
}
END_TEST

START_TEST(a_file_of_authorities_that_is_none)
{
	stranger_start("IP:127.0.0.1");
	ck_assert_int_eq(ask("/nowhere/ca.pem"), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(line.err.message, "/nowhere/ca.pem"));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("tls");

	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, a_certificate_that_is_trusted);
	tcase_add_test(tests, the_certificate_of_a_stranger);
	tcase_add_test(tests, a_trusted_certificate_of_another_name);
	tcase_add_test(tests, a_file_of_authorities_that_is_none);
	return run_tests(tests, "tls");
}
