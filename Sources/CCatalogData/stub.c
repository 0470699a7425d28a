#include "CCatalogData.h"
void sira_catalog_stub(void){}
