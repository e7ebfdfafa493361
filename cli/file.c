#include "cli/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_BYTES_MAX (256u << 20)
#define FOLDERS_DEEP   64

static int complain(const char *command, const char *path, const char *what)
{
    fprintf(stderr, "avow %s: %s: %s\n", command, path, what);
    return -1;
}

int file_read(const char *command, const char *path, arena_t *arena, text_t *out)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL)
        return complain(command, path, strerror(errno));
    buf_t buf;
    buf_init(&buf, FILE_BYTES_MAX);
    char block[65536];
    size_t n;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&buf, (text_t){block, n});
    int failed = ferror(file) ? errno : 0;
    if (file != stdin)
        fclose(file);
    bool too_large = buf_failed(&buf);
    *out = buf_take(&buf, arena);
    buf_dispose(&buf);
    if (failed != 0)
        return complain(command, path, strerror(failed));
    return too_large ? complain(command, path, "larger than 256 MiB") : 0;
}

static bool is_schema_file(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && (strcmp(dot, ".avsc") == 0 || strcmp(dot, ".json") == 0) && name[0] != '.';
}

static const char *without_ending(arena_t *arena, const char *name)
{
    const char *dot = strrchr(name, '.');
    return arena_copy(arena, name, dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name));
}

static int natural(const struct dirent **a, const struct dirent **b)
{
    return strverscmp((*a)->d_name, (*b)->d_name);
}

typedef struct {
    arena_t *arena;
    file_subject_t *subjects;
    size_t n, room;
} subjects_t;

static file_subject_t *subject_add(subjects_t *list, const char *name, size_t n_paths)
{
    if (list->n == list->room) {
        size_t room = list->room ? 2 * list->room : 64;
        file_subject_t *grown = ARENA_ARRAY(list->arena, file_subject_t, room);
        if (list->n > 0)
            memcpy(grown, list->subjects, list->n * sizeof *grown);
        list->subjects = grown;
        list->room = room;
    }
    file_subject_t *subject = &list->subjects[list->n++];
    subject->name = name;
    subject->paths = ARENA_ARRAY(list->arena, const char *, n_paths);
    return subject;
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* `name` is the folder's path within the one that was asked for. */
static int folder_read(const char *command, const char *path, const char *name, int deep, subjects_t *list)
{
    struct dirent **entries;
    if (deep > FOLDERS_DEEP)
        return complain(command, path, "folders nested too deeply");
    int n = scandir(path, &entries, NULL, natural);
    if (n < 0)
        return complain(command, path, strerror(errno));
    file_subject_t *subject = NULL;
    size_t at = 0;
    int failed = 0;
    for (int i = 0; i < n; i++) {
        const char *entry = entries[i]->d_name;
        const char *child = arena_printf(list->arena, "%s/%s", path, entry);
        if (entry[0] != '.' && is_folder(child)) {
            const char *below = name[0] ? arena_printf(list->arena, "%s/%s", name, entry)
                                        : arena_printf(list->arena, "%s", entry);
            failed |= folder_read(command, child, below, deep + 1, list);
        } else if (is_schema_file(entry)) {
            if (subject == NULL) {
                subject = subject_add(list, name, (size_t)n);
                at = list->n - 1;
            }
            subject = &list->subjects[at];
            subject->paths[subject->n_paths++] = child;
        }
        free(entries[i]);
    }
    free(entries);
    return failed;
}

int file_subjects(const char *command, const char *path, arena_t *arena, file_subject_t **out, size_t *n)
{
    subjects_t list = {.arena = arena};
    struct stat st;
    if (stat(path, &st) != 0)
        return complain(command, path, strerror(errno));
    const char *slash = strrchr(path, '/');
    if (S_ISDIR(st.st_mode)) {
        if (folder_read(command, path, "", 0, &list) != 0)
            return -1;
        /* The folder itself holds versions: it is the subject. */
        for (size_t i = 0; i < list.n; i++)
            if (list.subjects[i].name[0] == '\0')
                list.subjects[i].name = slash != NULL && slash[1] ? slash + 1 : path;
    } else {
        file_subject_t *subject = subject_add(&list, without_ending(arena, slash ? slash + 1 : path), 1);
        subject->paths[subject->n_paths++] = path;
    }
    *out = list.subjects;
    *n = list.n;
    return list.n > 0 ? 0 : complain(command, path, "no schemas (.avsc, .json) in here");
}

static bool looks_like_avro(text_t text)
{
    static const char *const avro_types[] = {"record", "enum", "fixed", "error",  "map",
                                             "int",    "long", "float", "double", "bytes"};
    arena_t *arena = arena_new();
    limits_t limits = LIMITS_DEFAULT;
    jv_t *tree;
    bool avro = false;
    if (jv_read(text, JV_LAST_WINS, &limits, arena, &tree, NULL) == 0) {
        const jv_t *type = jv_get(tree, "type");
        avro = tree->kind == JV_ARRAY || tree->kind == JV_STRING;
        for (size_t i = 0; i < sizeof avro_types / sizeof *avro_types; i++)
            avro = avro || (type != NULL && jv_is_string(type, avro_types[i]));
        avro = avro || (type != NULL && jv_is_string(type, "array") && jv_get(tree, "items") != NULL &&
                        jv_get(tree, "items")->kind == JV_STRING);
    }
    arena_free(arena);
    return avro;
}

format_id_t file_format(const char *type, const char *path, text_t text)
{
    format_id_t format;
    if (type != NULL && format_find(text_of(type), &format))
        return format;
    size_t n = strlen(path);
    if (n > 5 && strcmp(path + n - 5, ".avsc") == 0)
        return FORMAT_AVRO;
    return looks_like_avro(text) ? FORMAT_AVRO : FORMAT_JSON;
}
