/* xml.h - small XML documents by libxml2: no network, no entities, names without name space. */
#ifndef AWS_XML_H
#define AWS_XML_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

/* NULL when it is no XML; to be freed by xmlFreeDoc(). */
xmlDoc *aws_xml_read(const char *text, size_t length);

/* NULL is no node: false. */
bool aws_xml_is(const xmlNode *node, const char *name);

/* The first child of that name, and the next sibling; NULL when there is none. */
xmlNode *aws_xml_child(const xmlNode *node, const char *name);
xmlNode *aws_xml_next(const xmlNode *node, const char *name);

/* The text of the child `name` into text[size]; false, and "", when it is absent or too long. */
bool aws_xml_text(const xmlNode *node, const char *name, char *text, size_t size);

#endif
