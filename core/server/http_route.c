/* http_route.c - matches paths against the patterns of the route table. */
#include "server/http_route.h"

#include <stdio.h>
#include <string.h>

static bool copy_value(char *value, const char *text, size_t length)
{
	if (length == 0 || length >= ROUTE_VALUE_MAX)
		return false;
	memcpy(value, text, length);
	value[length] = '\0';
	return true;
}

static bool pattern_matches(const char *pattern, const char *path, struct route_match *out)
{
	while (*pattern != '\0') {
		if (strcmp(pattern, "{name}") == 0)
			return copy_value(out->name, path, strlen(path));
		if (*pattern == '{') {
			size_t length = strcspn(path, "/");

			if (!copy_value(out->value, path, length))
				return false;
			path += length;
			pattern = strchr(pattern, '}') + 1;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return *path == '\0';
}

static bool method_matches(const struct route *route, const char *method)
{
	return strcmp(route->method, method) == 0 ||
	       (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

static void add_method(char *allow, size_t size, const char *method)
{
	size_t used = strlen(allow);

	snprintf(allow + used, size - used, "%s%s%s", used > 0 ? ", " : "", method,
	         strcmp(method, "GET") == 0 ? ", HEAD" : "");
}

void route_find(const char *method, const char *path, struct route_match *out)
{
	*out = (struct route_match){0};
	for (const struct route *route = http_routes; route->method != NULL; route++) {
		if (!pattern_matches(route->pattern, path, out))
			continue;
		if (method_matches(route, method)) {
			out->route = route;
			return;
		}
		add_method(out->allow, sizeof out->allow, route->method);
	}
}
