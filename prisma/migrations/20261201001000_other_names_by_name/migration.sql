-- What is addressed by a name alone has the credentials judged again that it is a name of.
CREATE INDEX "access_other_name_named" ON access_index."access_other_name" ("named_credential");
