// Package scene makes seeded telephone calls with exact truth under conditions that are chosen: noise of
// a kind and strength, the echo of the other party, a codec, a narrow band, clipping, tones and music.
//
//	made, err := maker.Make(ctx, seed, scene.Conditions{Noise: scene.Babble, SNR: 10, EchoDB: -20})
//
// The truth is told from the clean voices before anything is added to them. What a seed draws for the
// dialogue does not depend on the conditions: the same seed gives the same words at the same times under
// each of them, so that conditions can be compared. The package serves tests and the accuracy run.
package scene
