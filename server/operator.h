/* operator.h - what the operator set, as the catalog asks for it: the same for every call, and for the clock. */
#ifndef AVOW_SERVER_OPERATOR_H
#define AVOW_SERVER_OPERATOR_H

#include "catalog/settings.h"
#include "server/core/conf.h"

policy_t conf_policy(const conf_t *conf);

#endif
