/* shape.h - which fields a find asks for together: what one index can serve. */
#ifndef KIT_SHAPE_H
#define KIT_SHAPE_H

#include <stdbool.h>

#include <vidmill/meta.h>

/* More than the lists of a server ask for; another is found through the index of one field. */
enum { KIT_SHAPE_EQUAL_MOST = 3 };

struct kit_shape {
	const char *equal[KIT_SHAPE_EQUAL_MOST]; /* by name, so that the order of a find is no matter */
	size_t n_equal;
	const char *order_by;
};

/* Pure. False for one that the index of a single field serves as well; borrows the find's names. */
bool kit_shape_of(const struct vm_find *find, struct kit_shape *shape);

#endif
