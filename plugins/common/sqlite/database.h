/* database.h - one SQLite file that many threads and processes use at once. */
#ifndef SQLITE_DATABASE_H
#define SQLITE_DATABASE_H

#include <sqlite3.h>

#include <vidmill/host.h>

/* The longest name of a file, without its ".db". */
#define DATABASE_NAME_MAX 64

/* What a plugin keeps in its file. Constant. */
struct database_plan {
	const char *folder; /* in the state directory */
	int version;        /* of the schema, kept in user_version; a file of another one is refused */
	const char *schema; /* SQL that makes an empty file one of this version */
	const char *const *statements; /* by numbers of the plugin's own: statement_prepare */
	size_t n_statements;
};

struct database;

/* What a power failure may take away of what was committed. */
enum durability {
	DURABLE = 1, /* nothing */
	/* The newest loose ones, whole and in order. A killed process takes nothing away. No fsync. */
	LOOSE = 2
};

struct operation {
	const char *what; /* in front of every error */
	const struct vm_call *call;
	int64_t patient_until_ms; /* for locks; database_clock_ms */
};

/*
 * A connection in the hands of one operation, from database_read or
 * database_write to database_end. [one thread at a time]
 */
struct connection {
	sqlite3 *handle;
	struct database *database;
	sqlite3_stmt **prepared;    /* n_statements, each NULL until it is used */
	struct operation operation; /* which holds it */
	enum durability durability; /* of the next commit */
	bool writes;                /* has this process's turn to write */
	bool settling;              /* too late for cancellation: committing or rolling back */
	bool broken;                /* not to be used again: start from what the disk holds */
	struct connection *next;    /* of the idle ones */
};

/* Letters, digits, '.', '_' and '-', not a '.' in front, at most DATABASE_NAME_MAX. */
bool database_name_is_valid(const char *name);

/* No I/O. `plan` and `state_dir` are borrowed for the database's life; `name` must be valid. */
int database_create(const struct database_plan *plan, const char *state_dir, const char *name,
                    struct database **out, struct vm_error *err);
void database_destroy(struct database *database); /* accepts NULL; no connection may be out */

/*
 * Every operation is one of these two. The file is made when it is not there.
 * Waiting for the locks of other threads and processes ends with the call, or
 * after some seconds with VM_ERR_UNAVAILABLE. `what` stands in front of every
 * error and is borrowed until the end. [any thread]
 */
int database_read(struct database *database, const char *what, const struct vm_call *call,
                  struct connection **out, struct vm_error *err);
/* Begins a transaction that nobody else writes beside. */
int database_write(struct database *database, const char *what, enum durability durability,
                   const struct vm_call *call, struct connection **out, struct vm_error *err);
/* After a failure the transaction may be there all the same, as after every VM_ERR_UNAVAILABLE. */
int database_commit(struct connection *connection, struct vm_error *err);
/* Rolls back what was not committed. Accepts NULL. */
void database_end(struct connection *connection);

/* The clock of all waiting, monotonic. [any thread] */
int64_t database_clock_ms(void);

/* For `check --connect`: an existing file is opened, a missing one must be possible to make. */
int database_connect(struct database *database, const struct vm_call *call, struct vm_error *err);

#endif
