/* serve.h - `avow serve`: the whole server, from options to exit code. */
#ifndef AVOW_SERVER_SERVE_H
#define AVOW_SERVER_SERVE_H

/* argv[0] is "serve". Returns when a signal has stopped the server: 0, or 1 when it could not start or lost something. */
int serve_main(int argc, char **argv);

#endif
