/* manifest_read.c - a manifest of DASH is read again, as a player would. */
#include "manifest_read.h"

#include <limits.h>
#include <stdbool.h>
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

/* How long the segments of a timeline are together, in microseconds. */
static double length_of(xmlNode *timeline)
{
	double sum = 0;

	for (xmlNode *node = timeline->children; node != NULL; node = node->next)
		if (is_called(node, "S"))
			sum += number_of(node, "d", 0) * (1 + number_of(node, "r", 0));
	return sum;
}

static int check(xmlNode *parent, struct manifest_facts *facts, struct vm_error *err)
{
	int status = VM_OK;

	for (xmlNode *node = parent->children; node != NULL && status == VM_OK; node = node->next) {
		facts->representations += is_called(node, "Representation");
		if (is_called(node, "SegmentTimeline")) {
			double length_us = length_of(node);

			if (length_us < 1 || length_us > (double)facts->duration_us + 1)
				return vm_fail(err, VM_ERR_BAD_DATA,
				               "manifest: segments of %.0f ms in a presentation of %lld ms",
				               length_us / 1000, (long long)(facts->duration_us / 1000));
		}
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
	if (facts->representations == 0)
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
