void sira_catalog_stub(void);
