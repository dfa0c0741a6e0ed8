/* fixture.c - reads a pipeline file and gives back what was said about it. */
#include "fixture.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/vidmill-pipeline-XXXXXX";

void fixture_enter_data(void)
{
	ck_assert_int_eq(chdir(TEST_FOLDER "/../../data/pipeline"), 0);
}

void fixture_enter_folder(void)
{
	memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *place)
{
	(void)info;
	(void)type;
	(void)place;
	return remove(path);
}

void fixture_leave_folder(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void fixture_write(const char *name, const char *text)
{
	FILE *out = fopen(name, "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_ge(fputs(text, out), 0);
	ck_assert_int_eq(fclose(out), 0);
}

void fixture_read(struct fixture *fixture, enum pipeline_reader reader, const char *path)
{
	size_t length;
	FILE *out;

	*fixture = (struct fixture){0};
	pipeline_read_as(reader, path, &fixture->plugins, &fixture->pipeline, &fixture->found);
	if (fixture->pipeline != NULL)
		pipeline_check_plugins(fixture->pipeline, &fixture->found);
	out = open_memstream(&fixture->said, &length);
	ck_assert_ptr_nonnull(out);
	diagnostics_print(&fixture->found, out);
	fclose(out);
}

void fixture_finish(struct fixture *fixture)
{
	pipeline_destroy(fixture->pipeline);
	diagnostics_finish(&fixture->found);
	free(fixture->said);
}

void fixture_read_text(struct fixture *fixture, const char *text)
{
	fixture_write("x.cfg", text);
	fixture_read(fixture, PIPELINE_SERVER, "x.cfg");
}
