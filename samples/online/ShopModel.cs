namespace Distiller.Samples.Online;

/// <summary>The feature sets of a shop, and what its model is trained on and served with: one declaration for the job, the training and the service.</summary>
internal static class ShopModel
{
    private static readonly Entity Customer = Entity.Create("customer").Key<long>("customer_id");

    private static readonly Entity Product = Entity.Create("product").Key<long>("product_id");

    public static readonly FeatureSet Spend = Customer.FeatureSet("customer_spend")
        .Feature<double>("spend_7d", "euro, the seven days before")
        .Feature<int>("orders_7d")
        .MaxAge(TimeSpan.FromDays(30));

    public static readonly FeatureSet Sales = Product.FeatureSet("product_sales")
        .Feature<int>("sold_24h")
        .Feature<double>("price");

    public static readonly ServingSet Serving = Spine.From("orders")
        .Join(Spend)
        .Join(Sales)
        .Serve("shop_model");

    public static readonly OnlineOptions Online = new() { Prefix = "shop" };
}

/// <summary>A row of <see cref="ShopModel.Spend"/>.</summary>
internal sealed record SpendRow(long CustomerId, DateTimeOffset FeatureTimestamp, double Spend7d, int Orders7d);

/// <summary>A row of <see cref="ShopModel.Sales"/>.</summary>
internal sealed record SalesRow(long ProductId, DateTimeOffset FeatureTimestamp, int Sold24h, double Price);
