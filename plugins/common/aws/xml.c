/* xml.c - small XML documents. */
#include "aws/xml.h"

#include <libxml/parser.h>
#include <limits.h>
#include <string.h>

xmlDoc *aws_xml_read(const char *text, size_t length)
{
	if (text == NULL || length > INT_MAX)
		return NULL;
	return xmlReadMemory(text, (int)length, NULL, NULL,
	                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
	                         XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
}

bool aws_xml_is(const xmlNode *node, const char *name)
{
	return node != NULL && node->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)node->name, name) == 0;
}

xmlNode *aws_xml_child(const xmlNode *node, const char *name)
{
	for (xmlNode *child = node != NULL ? node->children : NULL; child != NULL; child = child->next)
		if (aws_xml_is(child, name))
			return child;
	return NULL;
}

xmlNode *aws_xml_next(const xmlNode *node, const char *name)
{
	for (xmlNode *next = node->next; next != NULL; next = next->next)
		if (aws_xml_is(next, name))
			return next;
	return NULL;
}

bool aws_xml_text(const xmlNode *node, const char *name, char *text, size_t size)
{
	xmlNode *child = aws_xml_child(node, name);
	xmlChar *content = child != NULL ? xmlNodeGetContent(child) : NULL;
	size_t length = content != NULL ? strlen((const char *)content) : 0;
	bool fits = content != NULL && length < size;

	text[0] = '\0';
	if (fits)
		memcpy(text, content, length + 1);
	xmlFree(content);
	return fits;
}
