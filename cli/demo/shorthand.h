/* shorthand.h - the short notation of fields in company.json, made into Avro.
 *
 *     name type [{unit}] [= default] [# doc] [@TAG]
 *
 * Types: Avro's own, `timestamp`, `date`, `decimal(12,2)`, `enum(A,B)`, `[items]`, `{values}`; a type that ends with `?` may be null, and
 * is unless said otherwise.
 */
#ifndef AVOW_CLI_DEMO_SHORTHAND_H
#define AVOW_CLI_DEMO_SHORTHAND_H

#include <jansson.h>

/* A field of a record; a new reference. NULL when `text` does not follow the notation. */
json_t *shorthand_field(const char *text);

/* An Avro record without fields, named after the last step of the event's name: orders.order_placed gives orders.OrderPlaced. */
json_t *shorthand_record(const char *event, const char *doc);

/* Appends the fields of "a string; b long" to a record. -1 when one of them does not follow the notation. */
int shorthand_append(json_t *record, const char *fields);

#endif
