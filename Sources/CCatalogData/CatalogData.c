// Carries data/providers.json and data/models.json in the binary, so that one file is all there is to install.
//
// #embed is C23; clang takes it as an extension in earlier versions, and names the embedded files in the
// dependency file, so changing a data file rebuilds this one.
#include "CCatalogData.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t providers[] = {
#embed "data/providers.json"
};

static const uint8_t models[] = {
#embed "data/models.json"
};

const uint8_t *sira_catalog_providers(size_t *length) {
    *length = sizeof providers;
    return providers;
}

const uint8_t *sira_catalog_models(size_t *length) {
    *length = sizeof models;
    return models;
}
