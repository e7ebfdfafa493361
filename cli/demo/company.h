/* company.h - the company of `avow demo`: company.json, as it is. */
#ifndef AVOW_CLI_DEMO_COMPANY_H
#define AVOW_CLI_DEMO_COMPANY_H

#include <stddef.h>

extern const char company_json[];
extern const size_t company_json_bytes;

#endif
