/* shape.c - which fields a find asks for together: what one index can serve. */
#include "kit/shape.h"

#include <string.h>

bool kit_shape_of(const struct vm_find *find, struct kit_shape *shape)
{
	*shape = (struct kit_shape){.order_by = find->order_by};
	for (size_t i = 0; i < find->count; i++) {
		const char *field = find->conditions[i].field;
		size_t at = shape->n_equal;

		if (find->conditions[i].match != VM_MATCH_EQUAL)
			continue;
		if (at == KIT_SHAPE_EQUAL_MOST)
			return false;
		for (; at > 0 && strcmp(shape->equal[at - 1], field) > 0; at--)
			shape->equal[at] = shape->equal[at - 1];
		shape->equal[at] = field;
		shape->n_equal++;
	}
	return shape->n_equal > 0 && shape->order_by != NULL;
}
