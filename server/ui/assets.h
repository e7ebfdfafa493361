/* assets.h - the files of the pages, as the build of web/ left them in the binary.
 *
 * The table is generated (web/build.mjs). It is empty in a build without pages (AVOW_WEB=OFF).
 */
#ifndef AVOW_SERVER_UI_ASSETS_H
#define AVOW_SERVER_UI_ASSETS_H

#include "compat/core/text.h"

typedef struct {
    const char *name; /* "main-5QK2A7LD.js"; the shell is "index.html" */
    const char *type; /* media type */
    const char *etag; /* of what it says, whatever its coding: W/"..." */
    const char *plain, *plain_end;
    const char *gzip, *gzip_end; /* equal: not worth it */
} asset_t;

extern const asset_t assets[];
extern const size_t n_assets;

#endif
