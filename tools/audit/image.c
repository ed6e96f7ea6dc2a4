// SPDX-License-Identifier: 0BSD
// Container images: which layer lies over which, and what a later layer hides.

/*
 * An image is an archive of layers, each an archive of files. Looking at all of them
 * needs no knowledge of images: a file that a later layer hides is found like any
 * other, and is still shipped with the image. Here only the note is made that it is
 * hidden.
 *
 *     docker save   manifest.json: [{"Layers": ["a/layer.tar", ...]}]
 *     OCI layout    index.json: {"manifests": [{"digest": "sha256:M"}]}
 *                   blobs/sha256/M: {"layers": [{"digest": "sha256:L"}, ...]}
 *
 * A layer hides dir/name by a file dir/.wh.name, all of dir by dir/.wh..wh..opq, or by
 * a file of the same name (OCI image specification, "layer").
 */

#include "../common/system.h"

#include "image.h"
#include "json_read.h"

#include <stdlib.h>
#include <string.h>

#define DOCUMENT_MAX (4U << 20) // a manifest has a few KiB
#define MOST_LAYERS  4096

void xz_image_note_member(struct xz_audit *audit, const char *object,
                          const struct xz_member *member)
{
    const char *name = xz_path_name(member->name);
    if (strncmp(name, ".wh.", 4) == 0)
        xz_words_add(&audit->whiteouts, object);
    else if (strcmp(member->name, "manifest.json") == 0
             || strcmp(member->name, "index.json") == 0)
        xz_words_add(&audit->image_marks, object);
}

/* The small JSON files of an image: names and contents at the same positions. */
struct documents {
    struct xz_words names;
    struct xz_words texts;
};

static bool keep_document(void *opaque, const struct xz_member *member)
{
    struct documents *documents = opaque;
    const char *name =
        strncmp(member->name, "./", 2) == 0 ? member->name + 2 : member->name;
    bool wanted = member->data != NULL && member->size > 1
                  && member->size < DOCUMENT_MAX
                  && (member->data[0] == '{' || member->data[0] == '[');
    if (wanted && documents->names.count < MOST_LAYERS) {
        xz_words_add(&documents->names, name);
        xz_words_add_bytes(&documents->texts, (const char *)member->data, member->size);
    }
    return true;
}

/* Read the document of that name; false if there is none or it is no JSON. */
static bool open_document(const struct documents *documents, const char *name,
                          struct xz_json_doc *ret)
{
    for (size_t i = 0; i < documents->names.count; i++) {
        const char *text = documents->texts.at[i];
        if (strcmp(documents->names.at[i], name) == 0)
            return xz_json_read(ret, text, strlen(text));
    }
    return false;
}

/* "sha256:HEX" as the name of a blob; the caller frees it. */
static char *blob_name(const struct xz_json_doc *doc, size_t at)
{
    char *digest = xz_json_member_string(doc, at, "digest");
    char *colon = strchr(digest, ':');
    if (colon != NULL)
        *colon = '/';
    char *name = xz_store_printf("blobs/%s", digest);
    free(digest);
    return name;
}

/* Layers of the manifests of an index; an index in it is followed once. */
static void add_oci_layers(const struct documents *documents, const char *name,
                           struct xz_words *layers, unsigned depth)
{
    struct xz_json_doc doc;
    struct xz_words inner = {0};
    if (!open_document(documents, name, &doc))
        return;
    size_t list = xz_json_member(&doc, 0, "layers");
    for (size_t i = xz_json_first(&doc, list); list != 0 && i != 0;
         i = doc.values[i].next) {
        char *layer = blob_name(&doc, i);
        xz_words_add(layers, layer);
        free(layer);
    }
    list = xz_json_member(&doc, 0, "manifests");
    for (size_t i = xz_json_first(&doc, list); list != 0 && i != 0;
         i = doc.values[i].next) {
        char *manifest = blob_name(&doc, i);
        xz_words_add(&inner, manifest);
        free(manifest);
    }
    xz_json_free(&doc);
    for (size_t i = 0; i < inner.count && depth < 3 && layers->count < MOST_LAYERS; i++)
        add_oci_layers(documents, inner.at[i], layers, depth + 1);
    xz_words_free(&inner);
}

static void add_docker_layers(const struct documents *documents,
                              struct xz_words *layers)
{
    struct xz_json_doc doc;
    if (!open_document(documents, "manifest.json", &doc))
        return;
    for (size_t i = xz_json_first(&doc, 0); i != 0; i = doc.values[i].next) {
        size_t list = xz_json_member(&doc, i, "Layers");
        size_t k = list != 0 ? xz_json_first(&doc, list) : 0;
        for (; k != 0; k = doc.values[k].next) {
            char *layer = xz_json_string(&doc, k);
            xz_words_add(layers, layer);
            free(layer);
        }
    }
    xz_json_free(&doc);
}

/*
 * The layer that an object lies in, and its path there: "IMAGE!LAYER!path", or
 * "IMAGE!LAYER!LAYER without suffix!path" if the layer is compressed. SIZE_MAX: in
 * none.
 */
static size_t layer_of(const char *image, const struct xz_words *layers,
                       const char *object, const char **ret_path)
{
    size_t skip = strlen(image) + 1;
    if (strncmp(object, image, skip - 1) != 0 || object[skip - 1] != '!')
        return SIZE_MAX;
    object += skip;
    for (size_t i = 0; i < layers->count; i++) {
        const char *layer = layers->at[i];
        size_t size = strlen(layer);
        if (strncmp(object, layer, size) != 0 || object[size] != '!')
            continue;
        const char *path = object + size + 1;
        const char *name = xz_path_name(layer);
        const char *bang = strchr(path, '!');
        size_t stem = strcspn(name, ".");
        if (bang != NULL && strncmp(path, name, stem) == 0
            && (path[stem] == '.' || path[stem] == '!'))
            path = bang + 1;
        *ret_path = path;
        return i;
    }
    return SIZE_MAX;
}

/* True if the whiteout at `white` hides `path` (both within their layers). */
static bool hides(const char *white, const char *path)
{
    const char *name = xz_path_name(white);
    size_t folder = (size_t)(name - white);
    if (strncmp(white, path, folder) != 0)
        return false;
    if (strcmp(name, ".wh..wh..opq") == 0)
        return true;
    const char *hidden = name + strlen(".wh.");
    size_t size = strlen(hidden);
    const char *rest = path + folder;
    return strncmp(rest, hidden, size) == 0
           && (rest[size] == '\0' || rest[size] == '/' || rest[size] == '!');
}

/* The later layer that hides or replaces an object; NULL: none is known. */
static const char *hiding_layer(const struct xz_audit *audit, const char *image,
                                const struct xz_words *layers, const char *object)
{
    const char *path = NULL;
    const char *other = NULL;
    size_t layer = layer_of(image, layers, object, &path);
    for (size_t i = 0; i < audit->whiteouts.count && layer != SIZE_MAX; i++) {
        size_t later = layer_of(image, layers, audit->whiteouts.at[i], &other);
        if (later != SIZE_MAX && later > layer && hides(other, path))
            return layers->at[later];
    }
    for (size_t i = 0; i < audit->component_count && layer != SIZE_MAX; i++) {
        size_t later = layer_of(image, layers, audit->components[i].object, &other);
        if (later != SIZE_MAX && later > layer && strcmp(other, path) == 0)
            return layers->at[later];
    }
    return NULL;
}

static void add_note(char **text, const char *layer)
{
    char *more = xz_store_printf("%s%shidden by the later layer %s, and still shipped",
                                 *text, **text != '\0' ? "; " : "", layer);
    free(*text);
    *text = more;
}

void xz_image_finish(struct xz_audit *audit, const char *object, const uint8_t *data,
                     size_t size)
{
    struct documents documents = {0};
    struct xz_words layers = {0};
    char *docker = xz_store_printf("%s!manifest.json", object);
    char *oci = xz_store_printf("%s!index.json", object);
    bool is_docker = xz_words_has(&audit->image_marks, docker);
    bool is_oci = xz_words_has(&audit->image_marks, oci);
    free(docker);
    free(oci);
    if (!is_docker && !is_oci)
        return;
    size_t gaps = audit->gap_count; // what goes wrong now has been told before
    xz_archive_visit(audit, object, data, size, keep_document, &documents);
    xz_audit_forget_gaps(audit, gaps);
    if (is_docker)
        add_docker_layers(&documents, &layers);
    if (layers.count == 0 && is_oci)
        add_oci_layers(&documents, "index.json", &layers, 0);
    for (size_t i = 0; i < audit->finding_count && layers.count > 0; i++) {
        struct xz_finding *f = &audit->findings[i];
        const char *layer = hiding_layer(audit, object, &layers, f->object);
        if (layer != NULL)
            add_note(&f->where, layer);
    }
    for (size_t i = 0; i < audit->component_count && layers.count > 0; i++) {
        struct xz_component *c = &audit->components[i];
        const char *layer = hiding_layer(audit, object, &layers, c->object);
        if (layer != NULL)
            add_note(&c->note, layer);
    }
    xz_words_free(&layers);
    xz_words_free(&documents.names);
    xz_words_free(&documents.texts);
}
