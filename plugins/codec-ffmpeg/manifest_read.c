/* manifest_read.c - a manifest of DASH is read again, as a player would. */
#include "manifest_read.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

static bool is_called(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static double number_of(xmlNode *node, const char *attribute, double without)
{
	xmlChar *text = xmlGetProp(node, (const xmlChar *)attribute);
	double value = text != NULL ? strtod((const char *)text, NULL) : without;

	xmlFree(text);
	return value;
}

/* "PT6.006000S", as dash.c writes it; 0: it is no such thing. */
static int64_t duration_of(xmlNode *node, const char *attribute)
{
	xmlChar *text = xmlGetProp(node, (const xmlChar *)attribute);
	char *end = NULL;
	double seconds = 0;

	if (text != NULL && strncmp((const char *)text, "PT", 2) == 0)
		seconds = strtod((const char *)text + 2, &end);
	if (end == NULL || strcmp(end, "S") != 0 || seconds < 0 || seconds > 1e9)
		seconds = 0;
	xmlFree(text);
	return (int64_t)(seconds * 1e6 + 0.5);
}

static bool is_known(const struct manifest_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (strcmp(facts->renditions[i].name, name) == 0)
			return true;
	return false;
}

static int add_rendition(xmlNode *node, struct manifest_facts *facts, struct vm_error *err)
{
	struct manifest_rendition rendition = {0};
	xmlChar *name = xmlGetProp(node, (const xmlChar *)"id");

	if (name != NULL)
		snprintf(rendition.name, sizeof rendition.name, "%s", (const char *)name);
	xmlFree(name);
	if (rendition.name[0] == '\0')
		return vm_fail(err, VM_ERR_BAD_DATA, "manifest: a rendition without a name");
	if (is_known(facts, rendition.name))
		return vm_fail(err, VM_ERR_BAD_DATA, "manifest: \"%s\" twice", rendition.name);
	if (number_of(node, "bandwidth", 0) < 1)
		return vm_fail(err, VM_ERR_BAD_DATA, "manifest: \"%s\" without a bandwidth",
		               rendition.name);
	if (facts->count == MANIFEST_RENDITIONS_MAX)
		return vm_fail(err, VM_ERR_BAD_DATA, "manifest: more than %d renditions",
		               MANIFEST_RENDITIONS_MAX);
	facts->renditions[facts->count++] = rendition;
	return VM_OK;
}

/* The segments of the rendition that was begun last. */
static int add_segments(xmlNode *timeline, struct manifest_facts *facts, struct vm_error *err)
{
	double length_us = 0, count = 0;

	for (xmlNode *node = timeline->children; node != NULL; node = node->next)
		if (is_called(node, "S")) {
			double alike = 1 + number_of(node, "r", 0);

			length_us += number_of(node, "d", 0) * alike;
			count += alike;
		}
	if (facts->count == 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "manifest: segments of no rendition");
	if (!(length_us >= 1 && length_us <= (double)facts->duration_us + 1) ||
	    !(count >= 1 && count <= 1e9))
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "manifest: segments of %.0f ms in a presentation of %lld ms",
		               length_us / 1000, (long long)(facts->duration_us / 1000));
	facts->renditions[facts->count - 1].segments = (size_t)count;
	return VM_OK;
}

static int check(xmlNode *parent, struct manifest_facts *facts, struct vm_error *err)
{
	int status = VM_OK;

	for (xmlNode *node = parent->children; node != NULL && status == VM_OK; node = node->next) {
		if (is_called(node, "Representation"))
			status = add_rendition(node, facts, err);
		else if (is_called(node, "SegmentTimeline"))
			status = add_segments(node, facts, err);
		if (status == VM_OK)
			status = check(node, facts, err);
	}
	return status;
}

static int check_document(xmlDoc *document, struct manifest_facts *facts, struct vm_error *err)
{
	xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
	int status;

	if (root == NULL || !is_called(root, "MPD"))
		return vm_fail(err, VM_ERR_BAD_DATA, "manifest: it is no MPD");
	facts->duration_us = duration_of(root, "mediaPresentationDuration");
	if (facts->duration_us == 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "manifest: without a duration");
	if ((status = check(root, facts, err)) != VM_OK)
		return status;
	if (facts->count == 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "manifest: it names no rendition");
	return VM_OK;
}

int manifest_read(const char *text, size_t length, struct manifest_facts *out, struct vm_error *err)
{
	struct manifest_facts facts = {0};
	xmlDoc *document = length > INT_MAX ? NULL
	                                    : xmlReadMemory(text, (int)length, NULL, NULL,
	                                                    XML_PARSE_NONET | XML_PARSE_NOERROR |
	                                                        XML_PARSE_NOWARNING);
	int status = check_document(document, &facts, err);

	xmlFreeDoc(document);
	if (status == VM_OK)
		*out = facts;
	return status;
}
