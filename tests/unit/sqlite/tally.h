/* tally.h - a database of one table of numbers, for the tests of this folder. */
#ifndef TESTS_SQLITE_TALLY_H
#define TESTS_SQLITE_TALLY_H

#include "unit/sqlite/place.h"

#include "sqlite/statement.h"

enum tally_statement { TALLY_ADD, TALLY_SUM, TALLY_SET, TALLY_STATEMENTS };

extern const struct database_plan tally_plan;

struct tally {
	char folder[PLACE_MAX];
	char path[PLACE_MAX + 32]; /* of the file */
	struct database *database;
};

void tally_init(struct tally *tally);
/* In a folder that is there; database_destroy ends it. */
struct database *tally_open(const char *folder);
void tally_finish(struct tally *tally); /* removes the folder */

/* One row more, of `length` bytes. */
int tally_add(struct database *database, int64_t number, size_t length, const struct vm_call *call,
              struct vm_error *err);
int tally_sum(struct database *database, int64_t *sum, struct vm_error *err);

#endif
