// Package config reads the settings of zhijian: from the defaults, the configuration file, the
// environment and the command line, each beating the one before. It imports internal/strictyaml and
// internal/bucketurl.
//
// Every setting has one name in three spellings: some_name in the file, ZHIJIAN_SOME_NAME in the
// environment and --some-name on the command line.
package config
