// Package web serves what people and programs ask of a running Zhijian over HTTP: health, metrics, the API.
// It may import the packages below it, never worker: what it needs of the work is handed to it.
package web
