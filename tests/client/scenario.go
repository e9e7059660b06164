// What every language's scenario does, over a connection or a gateway.
package main

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"reflect"

	"scenario/client"
)

var ctx = context.Background()

const words = "it's \"quoted\" \\ 🦀 ẞ\n\ttab $1 {},"
const price = client.Decimal("-1234567890123456789012345678901234567890.12345678901234567890")
const smallest, greatest = -1 << 63, 1<<63 - 1

var bytes = []byte{0, 1, 0, 255, 92}
var largest = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
var mark, _ = client.ParseUUID("67e55044-10b1-426f-9247-bb680e5fe0c8")

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func equal(found, expected any) {
	if !reflect.DeepEqual(found, expected) {
		panic(fmt.Sprintf("found %#v, expected %#v", found, expected))
	}
}

func everyType(gallery client.Gallery) {
	texts := []*string{client.Of(words), nil, client.Of("null"), client.Of("")}
	ints := []*int64{client.Of(int64(greatest)), nil, client.Of(int64(smallest))}
	prices, supplies := []*client.Decimal{client.Of(price), nil}, []*big.Int{largest, nil, new(big.Int)}
	marks, flags := []*client.UUID{&mark, nil}, []*bool{client.Of(true), nil, client.Of(false)}
	blobs := [][]byte{bytes, nil, {}}
	check(gallery.PutThing(ctx, client.Of(int64(smallest)), client.Of(words), client.Of(true), bytes, &mark, client.Of(price),
		largest, ints, texts, prices, supplies, marks, flags, blobs))
	check(gallery.PutBare(ctx, client.Of(int64(1)), client.GalleryPutBareOptions{}))
	check(gallery.PutBare(ctx, client.Of(int64(2)), client.GalleryPutBareOptions{
		Words: client.Given(""), Price: client.Given(client.Decimal("2.5")), Note: client.Given("noted"),
	}))
	rows := must(gallery.ListThings(ctx, client.Of(int64(smallest))))
	equal(len(rows), 3)
	equal(rows[0], client.GalleryListThingsRow{
		ID: smallest, Words: words, Yes: true, Bytes: bytes, Mark: mark, Price: price, Supply: largest,
		MaybeID: client.Of(int64(smallest)), MaybeWords: client.Of(words), MaybeYes: client.Of(true), MaybeBytes: bytes,
		MaybeMark: &mark, MaybePrice: client.Of(price), MaybeSupply: largest, Ints: ints, Texts: texts, Prices: prices,
		Supplies: supplies, Marks: marks, Flags: flags, Blobs: blobs,
	})
	equal(rows[1], client.GalleryListThingsRow{
		ID: 1, Words: "it's \"left\" out", Bytes: []byte{}, Price: "0.50000000000000000000", Supply: new(big.Int),
		Ints: []*int64{},
	})
	equal([]any{rows[2].Words, rows[2].Price, *rows[2].MaybeWords}, []any{"", client.Decimal("2.50000000000000000000"), "noted"})
}

func results(gallery client.Gallery) {
	many := must(gallery.Many(ctx, client.Of(int64(5000))))
	equal(len(many), 5000)
	equal(many[4999], client.GalleryManyRow{N: 5000, Square: big.NewInt(25000000)})
	equal(*must(gallery.FirstWords(ctx, client.Of(int64(1)))), "it's \"left\" out")
	equal(must(gallery.FirstWords(ctx, client.Of(int64(77)))), (*string)(nil))
	equal(must(gallery.Whoami(ctx)), client.GalleryWhoamiRow{Caller: "0xAb", Signer: []byte{0xab}})
}

func fault(err error) *client.CallError {
	var fault *client.CallError
	if !errors.As(err, &fault) {
		panic(fmt.Sprintf("it was not refused: %v", err))
	}
	return fault
}

func faults(gallery, owner client.Gallery) {
	raised := fault(gallery.Refuse(ctx, client.Of(words)))
	equal([]any{raised.Code(), raised.Message, raised.IsRaised(), raised.Action}, []any{"KF001", words, true, "gallery.refuse"})
	twice := fault(gallery.PutBare(ctx, client.Of(int64(1)), client.GalleryPutBareOptions{}))
	equal([]any{twice.Code(), twice.SQLState, twice.IsRaised()}, []any{"KF0801", "23505", false})
	fine := client.GalleryPutBareOptions{Price: client.Given(client.Decimal("0.123456789012345678901"))}
	equal(fault(gallery.PutBare(ctx, client.Of(int64(3)), fine)).Code(), "KF0802")
	wrong := gallery.PutBare(ctx, client.Of(int64(3)), client.GalleryPutBareOptions{Price: client.Given(client.Decimal("NaN"))})
	equal(wrong.Error(), "gallery.put_bare: \"NaN\" is not a decimal, as \"-12.50\"")
	equal(fault(gallery.PutBare(ctx, client.Of(int64(3)), client.GalleryPutBareOptions{Words: client.Null[string]()})).SQLState, "23502")
	equal(fault(gallery.Clear(ctx)).Code(), "KF002")
	check(owner.Clear(ctx))
	equal(must(gallery.ListThings(ctx, nil)), []client.GalleryListThingsRow{})
}

func names(class client.Class) {
	one, two := client.Of(int64(1)), client.Of(int64(2))
	row := must(class.Type(ctx, one, two, client.ClassTypeOptions{}))
	equal(row, client.ClassTypeRow{Import: one, Def: client.Of("f"), AB: two, AB_: one, Str: "str", Int: 1})
	equal(*must(class.Then(ctx, one, two)), int64(3))
	equal(len(must(class.List(ctx))), 1)
	equal([]int64{must(class.GetX(ctx)).A, must(class.GetX_(ctx)).A}, []int64{3, 1})
	equal(must(class.Constructor(ctx)), int64(5))
}

// All of it as 0xAb, and as 0xaa, to whom the gallery belongs.
func scenario(gallery, owner client.Gallery, class client.Class) {
	everyType(gallery)
	results(gallery)
	faults(gallery, owner)
	names(class)
}
