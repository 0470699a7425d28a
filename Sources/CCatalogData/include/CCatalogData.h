/// The catalogue's data files, as they lie in `data/`, inside the binary.
///
/// Both are JSON texts in UTF-8. They are not NUL-terminated.
#ifndef CCATALOGDATA_H
#define CCATALOGDATA_H

#include <stddef.h>
#include <stdint.h>

/// `data/providers.json`; `*length` is its size in bytes. Valid for the life of the process.
const uint8_t *sira_catalog_providers(size_t *length);

/// `data/models.json`; `*length` is its size in bytes. Valid for the life of the process.
const uint8_t *sira_catalog_models(size_t *length);

#endif
