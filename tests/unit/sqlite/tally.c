/* tally.c - a database of one table of numbers, for the tests of this folder. */
#include "tally.h"

static const char *const statements[] = {
    [TALLY_ADD] = "INSERT INTO numbers (number, padding) VALUES (?, zeroblob(?))",
    [TALLY_SUM] = "SELECT coalesce(sum(number), 0), count(length(hex(padding))) FROM numbers",
    [TALLY_SET] = "UPDATE numbers SET number = ?",
};

const struct database_plan tally_plan = {
    .folder = "tally",
    .version = 3,
    .schema = "CREATE TABLE numbers (number INTEGER NOT NULL, padding BLOB NOT NULL) STRICT;",
    .statements = statements,
    .n_statements = TALLY_STATEMENTS,
};

struct database *tally_open(const char *folder)
{
	struct database *database = NULL;
	struct vm_error err;

	expect_ok(&err, database_create(&tally_plan, folder, "numbers", &database, &err));
	return database;
}

void tally_init(struct tally *tally)
{
	place_make(tally->folder);
	snprintf(tally->path, sizeof tally->path, "%s/tally/numbers.db", tally->folder);
	tally->database = tally_open(tally->folder);
}

void tally_finish(struct tally *tally)
{
	database_destroy(tally->database);
	place_remove(tally->folder);
}

int tally_add(struct database *database, int64_t number, size_t length, const struct vm_call *call,
              struct vm_error *err)
{
	struct connection *connection = NULL;
	struct statement add;
	int status = database_write(database, "add", DURABLE, call, &connection, err);

	if (status != VM_OK)
		return status;
	add = statement_prepare(connection, TALLY_ADD);
	statement_bind_int(&add, number);
	statement_bind_int(&add, (int64_t)length);
	status = statement_run(&add, NULL, err);
	if (status == VM_OK)
		status = database_commit(connection, err);
	database_end(connection);
	return status;
}

int tally_sum(struct database *database, int64_t *sum, struct vm_error *err)
{
	struct connection *connection = NULL;
	struct statement statement;
	bool row;
	int status = database_read(database, "sum", NULL, &connection, err);

	if (status != VM_OK)
		return status;
	statement = statement_prepare(connection, TALLY_SUM);
	status = statement_step(&statement, &row, err);
	if (status == VM_OK)
		*sum = sqlite3_column_int64(statement.handle, 0);
	statement_finish(&statement);
	database_end(connection);
	return status;
}
