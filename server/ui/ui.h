/* ui.h - /ui: the pages. Static files out of the binary, as memory calls.
 *
 * Every URL below /ui but /ui/assets answers with the shell, a page without content: its script looks at the URL and asks the other
 * APIs. So the shell is open to everybody, and shows nothing that those APIs refuse.
 *
 * Files under /ui/assets have names with a digest of their content in them and never change.
 */
#ifndef AVOW_SERVER_UI_UI_H
#define AVOW_SERVER_UI_UI_H

#include "server/core/route.h"

extern const api_t ui_api;

#endif
