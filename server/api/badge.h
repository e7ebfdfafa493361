/* badge.h - /badge: small pictures for READMEs, which tell what holds now.
 *
 *     /badge/{event}.svg                             its state and version
 *     /badge/{service}/can-deploy/{environment}.svg  the answer of can-i/deploy
 *
 * SVG, with the same words as its title. What is not there is a badge, too, with status 404, because a page that shows a broken picture tells
 * nobody anything. Badges need what reads need: on a server with accounts, a browser that is signed in.
 */
#ifndef AVOW_SERVER_API_BADGE_H
#define AVOW_SERVER_API_BADGE_H

#include "server/core/route.h"

extern const api_t badge_api;

#endif
