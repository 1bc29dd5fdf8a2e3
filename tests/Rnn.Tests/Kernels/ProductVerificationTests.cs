using CharRnn.Rnn.Kernels;

namespace CharRnn.Rnn.Tests.Kernels;

/// <summary>The products' part of <c>charrnn bench --verify</c>: it passes what is right, and finds what is not.</summary>
public sealed unsafe class ProductVerificationTests
{
    private enum Mistake
    {
        ForgetsTheLastElementOfTheDepth,
        AddsUnasked,
        IsOffByRounding,
        WritesBehindARow,
        CopiesTooMuch,
        ForgetsARowOfASum,
    }

    [Fact]
    public void Products_agree_with_scalar_loops_in_every_register_form()
    {
        foreach (var kernels in CompiledProducts.All<float>().Concat(TestProducts.Single()))
        {
            Assert.Empty(ProductVerification<float>.Run(kernels, seed: 1));
        }

        foreach (var kernels in CompiledProducts.All<double>().Concat(TestProducts.Double()))
        {
            Assert.Empty(ProductVerification<double>.Run(kernels, seed: 2));
        }
    }

    /// <summary>Depths become constants where a shape names them, and only there; the scalar form has none.</summary>
    [Fact]
    public void Depths_are_compiled_in_for_the_shapes_that_are_named()
    {
        Assert.Equal(["testcell:33x20", "gatedtestcell:20x64"], TestProducts.Shapes);
        Assert.All(TestProducts.Single(), kernels => Assert.Equal(kernels.InstructionSet == "Scalar" ? [] : [20, 33, 64], kernels.FixedDepths));
        Assert.All(TestProducts.Double(allowFixed: false).Concat(CompiledProducts.All<double>()), kernels => Assert.Empty(kernels.FixedDepths));
    }

    [Fact]
    public void A_mistake_is_found_and_said_where_it_is()
    {
        foreach (var mistake in Enum.GetValues<Mistake>())
        {
            var failures = ProductVerification<float>.Run(new Mistaken(CompiledProducts.All<float>().First(), mistake), seed: 1);
            Assert.NotEmpty(failures);
            var what = mistake switch
            {
                Mistake.CopiesTooMuch => @"\d+ rows copied together",
                Mistake.ForgetsARowOfASum => @"\d+ rows of \d+ registers added up",
                _ => @"\d+ rows by \d registers, depth \d+ in \d parts(, turned)?(, added)?",
            };
            Assert.All(failures, failure => Assert.Matches($@"^products, single, \w+: {what}: (element \[|it wrote outside its rows$)", failure));
            Assert.Equal(mistake is Mistake.WritesBehindARow or Mistake.CopiesTooMuch, failures.All(failure => failure.EndsWith("it wrote outside its rows", StringComparison.Ordinal)));
        }
    }

    /// <summary>Right products, changed afterwards.</summary>
    private sealed class Mistaken(ProductKernels<float> right, Mistake mistake) : ProductKernels<float>(right.Lanes, right.MostRegisters, right.InstructionSet, right.FixedDepths)
    {
        public override void Multiply(in Product<float> product)
        {
            var own = product;
            own.Depth -= mistake == Mistake.ForgetsTheLastElementOfTheDepth && product.Parts == 1 ? 1 : 0;
            own.Accumulate |= mistake == Mistake.AddsUnasked;
            right.Multiply(own);
            var last = product.Output + ((product.Rows - 1) * product.OutputRow) + (product.Registers * Lanes) - 1;
            *last *= mistake == Mistake.IsOffByRounding ? 1 + 1e-4f : 1;
            last[1] = mistake == Mistake.WritesBehindARow ? 0 : last[1];
        }

        public override void Gather(float* from, nint fromRow, float* to, nint toRow, int rows)
        {
            right.Gather(from, fromRow, to, toRow, rows);
            to[((rows - 1) * toRow) + Lanes] = mistake == Mistake.CopiesTooMuch ? 0 : to[((rows - 1) * toRow) + Lanes];
        }

        public override void AddRows(float* from, nint fromRow, int rows, float* to, int registers) =>
            right.AddRows(from, fromRow, mistake == Mistake.ForgetsARowOfASum ? rows - 1 : rows, to, registers);
    }
}
